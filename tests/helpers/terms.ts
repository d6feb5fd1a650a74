import { Address, toNano } from '@ton/core';
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

export const HOUR = 3_600;
export const DAY = 86_400;
/** Any id but those of the public networks: bounds of seconds instead of hours. */
const PRIVATE_NETWORK = -217;
export const MAINNET = -239;
export const TESTNET = -3;

export type TermsOverrides = Partial<Omit<Terms, 'jobParams' | 'stakeParams'>> & {
    jobParams?: Partial<JobParams>;
    stakeParams?: Partial<StakeParams>;
};

const UNUSED_TREASURY = new Address(0, Buffer.alloc(32, 0x7e));

/** Disputes of a private network; jobs of up to 100 TON may be in dispute. */
export const DISPUTES: DisputeParams = {
    jurors: 5,
    minorityBps: 1_000,
    receiptMultiple: 100,
    discloseWindow: 6 * HOUR,
    answerWindow: 6 * HOUR,
    seatWindow: 12 * HOUR,
    revealWindow: 12 * HOUR,
    jurorAge: HOUR,
    seatRate: 10_000n,
    jurorFee: toNano('0.1'),
    jurorBond: toNano('50'),
    accuserBond: toNano('2'),
    maxReceiptSlash: toNano('5'),
};

/** The same with every amount in its longest form. */
export const WIDEST_DISPUTES: DisputeParams = {
    ...DISPUTES,
    jurors: 9,
    jurorFee: toNano('10'),
    jurorBond: toNano('10000'),
    accuserBond: toNano('1000'),
    maxReceiptSlash: 2n ** 119n,
};

/** Terms of a private network over the contracts as they are built, with the changes given. */
export function defaultTerms({ jobParams, stakeParams, ...overrides }: TermsOverrides = {}): Terms {
    return {
        layout: TERMS_LAYOUT,
        networkId: PRIVATE_NETWORK,
        minNodeVersion: 1,
        marketShards: 4,
        bootstrap: codeId(Node.bootstrapCode()),
        job: codeId(Job.code()),
        market: codeId(Market.code()),
        kinds: {
            vault: codeId(Vault.code()),
            releaseDelay: 6 * HOUR,
            dispute: codeId(Dispute.code()),
            attestor: null,
            disputes: DISPUTES,
        },
        ...overrides,
        jobParams: {
            treasury: UNUSED_TREASURY,
            feeBps: 500,
            declineBps: 1_000,
            timeoutSlashBps: 10_000,
            keeperTip: toNano('0.05'),
            postFee: toNano('0.02'),
            noKeyFee: toNano('0.05'),
            maxCollateral: toNano('1000'),
            minWindow: 60,
            maxWindow: 7 * DAY,
            maxItems: 4_096,
            maxItemBytes: 16_384,
            ...jobParams,
        },
        stakeParams: {
            minStake: toNano('100'),
            reserve: toNano('100'),
            unbondingPeriod: 14 * DAY,
            evidenceWindow: 3 * DAY,
            longestDispute: 7 * DAY,
            lockGrace: DAY,
            ...stakeParams,
        },
    };
}
