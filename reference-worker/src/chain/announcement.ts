import type { Address } from '@ton/core';
import { Cell, type Transaction } from '@ton/core';
import { decodeAnnouncement, Job, type JobAnnouncement, type JobIdentity, opcodes } from 'cocoon-wrappers';
import type { ServedTerms } from './served-terms';

/** A job as the worker knows it: announced by the genuine contract, under terms that its node serves. */
export interface AnnouncedJob {
    /** Raw address. */
    job: string;
    address: Address;
    identity: JobIdentity;
    served: ServedTerms;
    announcement: JobAnnouncement;
    /** The announcement as it was, for the journal. */
    body: Cell;
}

/** Reads a transaction as the announcement of a job; undefined when it is none that this worker can trust. */
export function readAnnouncement(
    tx: Transaction,
    registry: Address,
    served: ReadonlyMap<bigint, ServedTerms>,
): AnnouncedJob | undefined {
    const message = tx.inMessage;
    if (message?.info.type !== 'internal' || message.info.bounced || !isExecuted(tx)) return undefined;
    if (opcodeOf(message.body) !== opcodes.AnnounceJob) return undefined;
    const job = parseJob(message.body, registry, served);
    // Anyone can send this message: only the contract at the derived address speaks for the job.
    return job?.address.equals(message.info.src) ? job : undefined;
}

/** A job from the announcement in the journal; undefined when its terms are not served any more. */
export function parseJob(
    body: Cell,
    registry: Address,
    served: ReadonlyMap<bigint, ServedTerms>,
): AnnouncedJob | undefined {
    const announcement = decodeSafely(body);
    if (!announcement) return undefined;
    const terms = served.get(BigInt(`0x${announcement.terms.hash().toString('hex')}`));
    if (!terms) return undefined;
    const identity: JobIdentity = {
        registry,
        termsHash: terms.hash,
        client: announcement.client,
        nonce: announcement.nonce,
        openBefore: announcement.openBefore,
    };
    const { address } = Job.fromIdentity(identity);
    return { job: address.toRawString(), address, identity, served: terms, announcement, body };
}

export function journalledBody(spec: Buffer): Cell {
    return Cell.fromBoc(spec)[0]!;
}

function decodeSafely(body: Cell): JobAnnouncement | undefined {
    try {
        return decodeAnnouncement(body);
    } catch {
        return undefined;
    }
}

/** Whether the transaction did what its message asked for. */
export function isExecuted(tx: Transaction): boolean {
    const { description } = tx;
    return description.type === 'generic' && !description.aborted && description.computePhase.type === 'vm';
}

export function opcodeOf(body: Cell): number | undefined {
    const slice = body.beginParse();
    return slice.remainingBits >= 32 ? slice.preloadUint(32) : undefined;
}
