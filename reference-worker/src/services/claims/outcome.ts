import type { TraceNode } from 'cocoon-sdk';
import { decodeEvent, exitCodes } from 'cocoon-wrappers';

export type ClaimOutcome =
    | { kind: 'claimed'; claim: number; price: bigint; deadline: number }
    /** `code`: name of the exit code in lower case, e.g. `state`, or `gone`. */
    | { kind: 'refused'; code: string };

/** What became of a claim, from the Node's transaction and what followed. */
export function claimOutcome(node: TraceNode): ClaimOutcome {
    if (failed(node)) return { kind: 'refused', code: refusal(node) };
    for (const job of node.children) {
        for (const event of job.events) {
            const decoded = decodeEvent(event);
            if (decoded?.$$type !== 'JobClaimed') continue;
            const { claim, price, deadline } = decoded;
            return { kind: 'claimed', claim: Number(claim), price, deadline: Number(deadline) };
        }
        if (failed(job)) return { kind: 'refused', code: refusal(job) };
    }
    return { kind: 'refused', code: 'gone' };
}

export function failed({ aborted, computeSkipped }: TraceNode): boolean {
    return aborted || computeSkipped !== null;
}

/** Name of the exit code that a contract refused with. */
export function refusal({ computeExit, computeSkipped }: TraceNode): string {
    if (computeSkipped !== null) return 'gone';
    const known = (exitCodes as Record<number, { name: string }>)[computeExit ?? 0];
    return known ? known.name.replace(/^ERR_/, '').toLowerCase() : `exit_${computeExit}`;
}

/** Refusals for reasons that pass. */
export const PASSING_REFUSALS: ReadonlySet<string> = new Set([
    'price',
    'value',
    'free_stake',
    'locks_full',
    'exiting',
    'terms_not_adopted',
]);
