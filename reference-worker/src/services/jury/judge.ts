import {
    claimOf,
    type DisputeInfo,
    decodeJobFacts,
    decodeJobSubject,
    decodeTerms,
    readDisclosure,
    type Vote,
    verifyCompletion,
    voteOf,
} from 'cocoon-sdk';
import { WorkerError } from '../../errors';
import { publicFetch } from '../inputs/public-fetch';
import type { Runtime } from '../runtime';
import type { JudgedModel } from './models';

/** Version and count of a sealed batch; length of each of its items. */
const BATCH_HEADER_BYTES = 5;
const LENGTH_BYTES = 4;
/** Looks at evidence that cannot be downloaded before it counts as absent: with growing waits half a minute. */
const PATIENCE = 5;

/**
 * Reads what was disclosed, and has the own engine score it. Throws when engine or chain fail: then there is nothing to vote,
 * and who does not know its verdict does not sit.
 */
export async function judge(
    runtime: Runtime,
    info: DisputeInfo,
    { served, engine, model }: JudgedModel,
    { attempts, signal }: { attempts: number; signal: AbortSignal },
): Promise<Vote> {
    const { chain, context } = runtime;
    const dispute = info.address;
    const maxItemBytes = itemLimit(runtime, info);
    const allowPrivate = context.config.policy.acceptPrivateUris;
    const { disclosure, unreachable } = await readDisclosure(chain.client, {
        dispute,
        fetchOptions: {
            allowPrivate,
            ...(allowPrivate ? {} : { fetch: publicFetch }),
            maxBytes: BATCH_HEADER_BYTES + itemsOf(info) * (LENGTH_BYTES + maxItemBytes),
            signal,
        },
    });
    // What this machine's network fails to fetch is nobody's fault, and must not cost anybody money.
    if (unreachable.length > 0 && attempts < PATIENCE) {
        throw new WorkerError(`the ${unreachable.join(' and ')} in dispute cannot be downloaded`, {
            code: 'evidence_unreachable',
            remedy: 'nothing: it is tried again',
        });
    }
    const evident = voteOf(disclosure);
    if (evident !== undefined || disclosure.kind === 'fault' || disclosure.kind === 'unavailable') {
        const reason = disclosure.kind === 'fault' ? disclosure.reason : disclosure.kind;
        context.logger.info({ dispute: dispute.toRawString(), vote: evident, reason }, 'judged');
        return evident ?? 'unavailable';
    }
    const { request, answer } = claimOf(disclosure, maxItemBytes);
    const verdict = await served.capacity.useForJob(
        () => verifyCompletion(request, answer, model, engine, { signal }),
        signal,
    );
    const { vote, reason, statistics } = verdict;
    context.logger.info({ dispute: dispute.toRawString(), vote, reason, statistics }, 'judged');
    return vote;
}

function itemLimit({ chain }: Runtime, { termsHash }: DisputeInfo): number {
    const held = chain.view.details.terms.find((terms) => terms.termsHash === termsHash);
    return held ? decodeTerms(held.terms).jobParams.maxItemBytes : 0;
}

/** Items of a disputed job; 0 for a session. */
function itemsOf(info: DisputeInfo): number {
    return decodeJobSubject(info.subject) === null ? 0 : decodeJobFacts(info.case!.facts).items;
}
