import type { Address } from '@ton/core';
import type { AnswerEvidence, Cocoon, DisputeEvent, Vote } from 'cocoon-sdk';
import type { Reviewed } from './answers';

const LOOK_MS = 200;

/** How a dispute ended. */
export interface Trial {
    readonly title: string;
    readonly dispute: Address;
    readonly outcome: 'none' | 'node' | 'client';
    /** As the jurors revealed them. */
    readonly votes: readonly Vote[];
    /** Of the vault or job, and the dispute: contracts that hold money. */
    readonly contracts: readonly Address[];
}

export type Tell = (text: string) => void;

/** Accuses a node of a session's answer, shows the exchange, and waits for the verdict. */
export async function accuseOfAnswer(
    client: Cocoon,
    evidence: AnswerEvidence,
    title: string,
    tell: Tell,
): Promise<Trial> {
    const { dispute } = await client.disputes.openForReceipt({ evidence, acknowledgePublic: true });
    tell('accused; the stake in question is frozen');
    await client.disputes.discloseSession({ dispute, evidence, acknowledgePublic: true });
    return { title, dispute, ...(await followed(client, dispute, tell)), contracts: [dispute] };
}

/** Accuses a node of one answer of a job, shows that one request, and waits for the verdict. */
export async function accuseOfResult(
    client: Cocoon,
    { job }: Reviewed,
    index: number,
    title: string,
    tell: Tell,
): Promise<Trial> {
    const opened = await client.disputes.openForJob({ job, index, acknowledgePublic: true });
    const { dispute } = opened;
    tell(`accused of answer ${index + 1}; the job is frozen`);
    await client.disputes.discloseItem({ dispute, case: opened.case, acknowledgePublic: true });
    return { title, dispute, ...(await followed(client, dispute, tell)), contracts: [dispute, job] };
}

/** Nobody but the jurors does anything any more. */
async function followed(
    client: Cocoon,
    dispute: Address,
    tell: Tell,
): Promise<Pick<Trial, 'outcome' | 'votes'>> {
    const votes: Vote[] = [];
    for await (const event of client.disputes.watch({ dispute, intervalMs: LOOK_MS })) {
        const text = textOf(event);
        if (text) tell(text);
        if (event.type === 'voteRevealed') votes.push(event.vote ?? 'unavailable');
        if (event.type === 'resolved') return { outcome: event.outcome, votes };
    }
    throw new Error('The dispute was not resolved.');
}

function textOf(event: DisputeEvent): string | undefined {
    switch (event.type) {
        case 'phase':
            return event.phase === 'answering'
                ? 'one request is disclosed; the node may answer'
                : event.phase === 'seating'
                  ? 'everything is disclosed; jurors may sit'
                  : undefined;
        case 'seatTaken':
            return `node ${event.index} sits, with a sealed vote (${event.taken} of 5)`;
        case 'voteRevealed':
            return `node ${event.index} says: for the ${event.vote}`;
        case 'resolved':
            return `verdict for the ${event.outcome}: ${event.votesForClient} for the client, ${event.votesForNode} for the node`;
        default:
            return undefined;
    }
}
