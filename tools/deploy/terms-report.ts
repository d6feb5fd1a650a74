import type { DisputeParams, Terms } from 'cocoon-wrappers';
import { formatDuration, formatHash, formatTon } from './units';

/** Terms as rows of name and value, in the units that network files use. */
export function describeTerms(terms: Terms): [string, string][] {
    const { jobParams, stakeParams, kinds } = terms;
    return [
        ['networkId', String(terms.networkId)],
        ['minNodeVersion', String(terms.minNodeVersion)],
        ['marketShards', String(terms.marketShards)],
        ['job code', formatHash(terms.job.hash)],
        ['market code', formatHash(terms.market.hash)],
        ['vault code', kinds.vault ? formatHash(kinds.vault.hash) : 'none'],
        ['vaults.releaseDelay', kinds.vault ? formatDuration(kinds.releaseDelay) : 'none'],
        ['dispute code', kinds.dispute ? formatHash(kinds.dispute.hash) : 'none'],
        ['attestor', kinds.attestor?.toString() ?? 'none'],
        ...describeDisputes(kinds.disputes),
        ['jobs.treasury', jobParams.treasury.toString()],
        ['jobs.feeBps', bps(jobParams.feeBps)],
        ['jobs.declineBps', bps(jobParams.declineBps)],
        ['jobs.timeoutSlashBps', bps(jobParams.timeoutSlashBps)],
        ['jobs.keeperTip', formatTon(jobParams.keeperTip)],
        ['jobs.postFee', formatTon(jobParams.postFee)],
        ['jobs.noKeyFee', formatTon(jobParams.noKeyFee)],
        ['jobs.maxCollateral', formatTon(jobParams.maxCollateral)],
        ['jobs.minWindow', formatDuration(jobParams.minWindow)],
        ['jobs.maxWindow', formatDuration(jobParams.maxWindow)],
        ['jobs.maxItems', String(jobParams.maxItems)],
        ['jobs.maxItemBytes', String(jobParams.maxItemBytes)],
        ['stakes.minStake', formatTon(stakeParams.minStake)],
        ['stakes.reserve', formatTon(stakeParams.reserve)],
        ['stakes.unbondingPeriod', formatDuration(stakeParams.unbondingPeriod)],
        ['stakes.evidenceWindow', formatDuration(stakeParams.evidenceWindow)],
        ['stakes.longestDispute', formatDuration(stakeParams.longestDispute)],
        ['stakes.lockGrace', formatDuration(stakeParams.lockGrace)],
    ];
}

function describeDisputes(params: DisputeParams | null): [string, string][] {
    const show = (name: keyof DisputeParams, format: (value: never) => string): [string, string] => [
        `disputes.${name}`,
        params ? format(params[name] as never) : 'none',
    ];
    return [
        show('jurors', String),
        show('minorityBps', bps),
        show('receiptMultiple', String),
        show('discloseWindow', formatDuration),
        show('answerWindow', formatDuration),
        show('seatWindow', formatDuration),
        show('revealWindow', formatDuration),
        show('jurorAge', formatDuration),
        show('seatRate', String),
        show('jurorFee', formatTon),
        show('jurorBond', formatTon),
        show('accuserBond', formatTon),
        show('maxReceiptSlash', formatTon),
    ];
}

/** Rows of what differs: name, present, new. */
export function compareTerms(present: Terms, next: Terms): [string, string, string][] {
    const after = new Map(describeTerms(next));
    return describeTerms(present)
        .map(([name, value]): [string, string, string] => [name, value, after.get(name)!])
        .filter(([, before, then]) => before !== then);
}

function bps(value: number): string {
    return `${value} (${value / 100} %)`;
}
