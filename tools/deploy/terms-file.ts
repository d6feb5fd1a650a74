import type { Address } from '@ton/core';
import {
    codeId,
    Dispute,
    type DisputeParams,
    Job,
    type JobParams,
    Market,
    Node,
    type StakeParams,
    TERMS_LAYOUT,
    type Terms,
    Vault,
} from 'cocoon-wrappers';
import * as bounds from '../../build/Registry/Registry_Registry';
import type { JsonFields } from './json-fields';

// The bounds are those in contracts/registry/bounds.tact, exported by the compiler; checked here as well, so that a mistake
// is reported by its field and costs nothing.

/** Parameters of terms as a file gives them. */
export interface TermsParams {
    minNodeVersion: number;
    marketShards: number;
    jobParams: Omit<JobParams, 'treasury'>;
    stakeParams: StakeParams;
    vaultParams: VaultParams;
    /** Null without disputes. */
    disputeParams: DisputeParams | null;
}

/** Parameters of vaults as a file gives them. */
export interface VaultParams {
    /** Seconds from the request of a release until anyone can finish it. */
    releaseDelay: number;
}

/** Long enough for a node that was down for hours to redeem its vouchers. */
export const DEFAULT_RELEASE_DELAY = 6 * 3_600;

function isPublicNetwork(networkId: number): boolean {
    return networkId === Number(bounds.MAINNET) || networkId === Number(bounds.TESTNET);
}

export function readTimelock(fields: JsonFields, networkId: number): number {
    const min = isPublicNetwork(networkId) ? bounds.MIN_TIMELOCK_PUBLIC : bounds.MIN_TIMELOCK_PRIVATE;
    return fields.duration('timelock', { min: Number(min), max: Number(bounds.MAX_PERIOD) });
}

/** What `fields` leaves out is taken from `present`; without `present` everything but `vaults` and `disputes` must be there. */
export function readTermsParams(fields: JsonFields, networkId: number, present?: TermsParams): TermsParams {
    const count = (name: 'minNodeVersion' | 'marketShards', max: number) =>
        present && !fields.has(name) ? present[name] : fields.integer(name, { min: 1, max });
    const section = (name: string) => (present && !fields.has(name) ? undefined : fields.object(name));
    const stakeParams = readStakeParams(section('stakes'), networkId, present?.stakeParams);
    const params = {
        minNodeVersion: count('minNodeVersion', 0xffff),
        marketShards: count('marketShards', Number(bounds.MAX_SHARDS)),
        jobParams: readJobParams(section('jobs'), networkId, present?.jobParams),
        stakeParams,
        vaultParams: fields.has('vaults')
            ? readVaultParams(fields.object('vaults'), networkId)
            : (present?.vaultParams ?? { releaseDelay: DEFAULT_RELEASE_DELAY }),
        disputeParams: fields.has('disputes')
            ? readDisputeParams(fields.object('disputes'), networkId, stakeParams, present?.disputeParams)
            : (present?.disputeParams ?? null),
    };
    fields.done();
    return params;
}

function readJobParams(
    fields: JsonFields | undefined,
    networkId: number,
    present?: TermsParams['jobParams'],
): TermsParams['jobParams'] {
    if (!fields) return present!;
    const { bps, ton, duration, integer } = readers(fields, present);
    const minWindow = duration('minWindow', shortestWindow(networkId), Number(bounds.MAX_PERIOD));
    const params = {
        feeBps: bps('feeBps', bounds.MAX_FEE_BPS),
        declineBps: bps('declineBps', bounds.MAX_DECLINE_BPS),
        timeoutSlashBps: bps('timeoutSlashBps', bounds.BPS),
        keeperTip: ton('keeperTip', bounds.MIN_KEEPER_TIP, bounds.MAX_KEEPER_TIP),
        postFee: ton('postFee', 0n, bounds.MAX_FIXED_FEE),
        noKeyFee: ton('noKeyFee', 0n, bounds.MAX_FIXED_FEE),
        maxCollateral: ton('maxCollateral', 1n),
        minWindow,
        maxWindow: duration('maxWindow', minWindow, Number(bounds.MAX_PERIOD)),
        maxItems: integer('maxItems', 1, Number(bounds.MAX_ITEMS)),
        maxItemBytes: integer('maxItemBytes', 1, Number(bounds.MAX_ITEM_BYTES)),
    };
    fields.done();
    return params;
}

function readStakeParams(
    fields: JsonFields | undefined,
    networkId: number,
    present?: StakeParams,
): StakeParams {
    if (!fields) return present!;
    const { ton, duration } = readers(fields, present);
    const period = Number(bounds.MAX_PERIOD);
    const minStake = ton('minStake', bounds.MIN_STAKE_FLOOR, bounds.MIN_STAKE_CEILING);
    const evidenceWindow = duration('evidenceWindow', shortestWindow(networkId), period);
    const longestDispute = duration('longestDispute', 0, period);
    const params = {
        minStake,
        reserve: ton('reserve', minStake, minStake * bounds.MAX_RESERVE_FACTOR),
        evidenceWindow,
        longestDispute,
        unbondingPeriod: duration(
            'unbondingPeriod',
            evidenceWindow + longestDispute + 1,
            Number(bounds.MAX_UNBONDING),
        ),
        lockGrace: duration('lockGrace', Number(bounds.DAY), period),
    };
    fields.done();
    return params;
}

function readVaultParams(fields: JsonFields, networkId: number): VaultParams {
    const min = shortestWindow(networkId);
    const releaseDelay = fields.duration('releaseDelay', { min, max: Number(bounds.MAX_PERIOD) });
    fields.done();
    return { releaseDelay };
}

function readDisputeParams(
    fields: JsonFields,
    networkId: number,
    { longestDispute }: StakeParams,
    present?: DisputeParams | null,
): DisputeParams {
    const { bps, ton, duration, integer } = readers(fields, present ?? undefined);
    const window = (name: string) => duration(name, shortestWindow(networkId), Number(bounds.MAX_PERIOD));
    const params = {
        jurors: integer('jurors', Number(bounds.MIN_JURORS), Number(bounds.MAX_JURORS)),
        minorityBps: bps('minorityBps', bounds.MAX_MINORITY_BPS),
        receiptMultiple: integer('receiptMultiple', 1, Number(bounds.MAX_RECEIPT_MULTIPLE)),
        discloseWindow: window('discloseWindow'),
        answerWindow: window('answerWindow'),
        seatWindow: window('seatWindow'),
        revealWindow: window('revealWindow'),
        jurorAge: window('jurorAge'),
        seatRate: BigInt(integer('seatRate', 1, Number.MAX_SAFE_INTEGER)),
        jurorFee: ton('jurorFee', bounds.MIN_JUROR_FEE, bounds.MAX_JUROR_FEE),
        jurorBond: ton('jurorBond', bounds.MIN_JUROR_BOND, bounds.MAX_JUROR_BOND),
        accuserBond: ton('accuserBond', bounds.MIN_ACCUSER_BOND, bounds.MAX_ACCUSER_BOND),
        maxReceiptSlash: ton('maxReceiptSlash', 1n),
    };
    if (params.jurors % 2 === 0) fields.fail('jurors', 'an odd number');
    if (longestDispute < longestCourse(params) + slackOf(networkId)) {
        fields.fail(
            'revealWindow',
            `discloseWindow + answerWindow + 2 × (seatWindow + revealWindow) + ${slackOf(networkId)} s within stakes.longestDispute`,
        );
    }
    fields.done();
    return params;
}

/** Seconds from the confirmation of a dispute to its end, when every window is used up and a second round is needed. */
function longestCourse(params: DisputeParams): number {
    const { discloseWindow, answerWindow, seatWindow, revealWindow } = params;
    return discloseWindow + answerWindow + 2 * (seatWindow + revealWindow);
}

function slackOf(networkId: number): number {
    return Number(isPublicNetwork(networkId) ? bounds.DISPUTE_SLACK_PUBLIC : bounds.DISPUTE_SLACK_PRIVATE);
}

function shortestWindow(networkId: number): number {
    return Number(isPublicNetwork(networkId) ? bounds.MIN_WINDOW_PUBLIC : bounds.MIN_WINDOW_PRIVATE);
}

/** Readers that fall back on the present value of a field that is left out. */
function readers(fields: JsonFields, present?: object) {
    const known = present as Record<string, number | bigint> | undefined;
    const kept = <T>(name: string): T | undefined =>
        known && !fields.has(name) ? (known[name] as T) : undefined;
    return {
        ton: (name: string, min: bigint, max?: bigint): bigint =>
            kept<bigint>(name) ?? fields.ton(name, { min, max }),
        duration: (name: string, min: number, max: number): number =>
            kept<number>(name) ?? fields.duration(name, { min, max }),
        integer: (name: string, min: number, max: number): number =>
            kept<number>(name) ?? fields.integer(name, { min, max }),
        bps: (name: string, max: bigint): number =>
            kept<number>(name) ?? fields.integer(name, { min: 0, max: Number(max) }),
    };
}

/** Terms over the contracts as they are built here. */
export function buildTerms(networkId: number, treasury: Address, params: TermsParams): Terms {
    return {
        layout: TERMS_LAYOUT,
        networkId,
        minNodeVersion: params.minNodeVersion,
        marketShards: params.marketShards,
        bootstrap: codeId(Node.bootstrapCode()),
        job: codeId(Job.code()),
        market: codeId(Market.code()),
        jobParams: { treasury, ...params.jobParams },
        stakeParams: params.stakeParams,
        kinds: {
            vault: codeId(Vault.code()),
            releaseDelay: params.vaultParams.releaseDelay,
            dispute: params.disputeParams && codeId(Dispute.code()),
            attestor: null,
            disputes: params.disputeParams,
        },
    };
}
