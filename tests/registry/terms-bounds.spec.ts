import '@ton/test-utils';
import { Address, beginCell, toNano } from '@ton/core';
import type { Blockchain } from '@ton/sandbox';
import { type DisputeParams, encodeRelease, encodeTerms, Node, TERMS_LAYOUT } from 'cocoon-wrappers';
import * as binding from '../../build/Registry/Registry_Registry';
import { createBlockchain } from '../helpers/blockchain';
import { deployProtocol, type Protocol } from '../helpers/protocol';
import { expectAccepted, expectRefused, propose } from '../helpers/registry';
import { DAY, DISPUTES, defaultTerms, HOUR, MAINNET, type TermsOverrides } from '../helpers/terms';

/** The TVM's exit code for a cell with less or more than its type has. */
const CELL_UNDERFLOW = 9;
const MASTERCHAIN = new Address(-1, Buffer.alloc(32, 1));
const job = (jobParams: TermsOverrides['jobParams']): TermsOverrides => ({ jobParams });
const stake = (stakeParams: TermsOverrides['stakeParams']): TermsOverrides => ({ stakeParams });
const ton = toNano;

/** [name, accepted at the bound, refused one beyond, exit code if not ERR_BOUNDS]. */
type Bound = [name: string, at: TermsOverrides, beyond: TermsOverrides, exitCode?: bigint];

const anywhere: Bound[] = [
    ['layout below', {}, { layout: TERMS_LAYOUT - 1 }],
    ['layout above', {}, { layout: TERMS_LAYOUT + 1 }],
    ['minNodeVersion', { minNodeVersion: 1 }, { minNodeVersion: 2 }],
    ['marketShards low', { marketShards: 1 }, { marketShards: 0 }],
    ['marketShards high', { marketShards: 256 }, { marketShards: 257 }],
    ['jobHash', { job: { hash: 1n, depth: 0 } }, { job: { hash: 0n, depth: 0 } }],
    ['marketHash', { market: { hash: 1n, depth: 0 } }, { market: { hash: 0n, depth: 0 } }],
    ['bootstrap hash', {}, { bootstrap: { hash: 1n, depth: 0 } }],
    ['attestor', kinds(new Address(0, Buffer.alloc(32, 1))), kinds(MASTERCHAIN), binding.ERR_WORKCHAIN],
    ['releaseDelay low', vaults(1), vaults(0)],
    ['releaseDelay high', vaults(30 * DAY), vaults(30 * DAY + 1)],
    ['treasury', {}, job({ treasury: MASTERCHAIN }), binding.ERR_WORKCHAIN],
    ['feeBps', job({ feeBps: 1_000 }), job({ feeBps: 1_001 })],
    ['declineBps', job({ declineBps: 2_500 }), job({ declineBps: 2_501 })],
    ['timeoutSlashBps', job({ timeoutSlashBps: 10_000 }), job({ timeoutSlashBps: 10_001 })],
    ['keeperTip low', job({ keeperTip: ton('0.01') }), job({ keeperTip: ton('0.01') - 1n })],
    ['keeperTip high', job({ keeperTip: ton('1') }), job({ keeperTip: ton('1') + 1n })],
    ['postFee', job({ postFee: ton('1') }), job({ postFee: ton('1') + 1n })],
    ['noKeyFee', job({ noKeyFee: ton('1') }), job({ noKeyFee: ton('1') + 1n })],
    ['maxCollateral', job({ maxCollateral: 1n }), job({ maxCollateral: 0n })],
    ['minWindow', job({ minWindow: 1 }), job({ minWindow: 0 })],
    ['maxWindow low', job({ minWindow: 60, maxWindow: 60 }), job({ minWindow: 60, maxWindow: 59 })],
    ['maxWindow high', job({ maxWindow: 30 * DAY }), job({ maxWindow: 30 * DAY + 1 })],
    ['maxItems low', job({ maxItems: 1 }), job({ maxItems: 0 })],
    ['maxItems high', job({ maxItems: 4_096 }), job({ maxItems: 4_097 })],
    ['maxItemBytes low', job({ maxItemBytes: 1 }), job({ maxItemBytes: 0 })],
    ['maxItemBytes high', job({ maxItemBytes: 16_384 }), job({ maxItemBytes: 16_385 })],
    ['minStake low', staked(ton('1')), staked(ton('1') - 1n)],
    ['minStake high', staked(ton('100000')), staked(ton('100000') + 1n)],
    ['reserve low', staked(ton('9'), ton('9')), staked(ton('9'), ton('9') - 1n)],
    ['reserve high', staked(ton('9'), ton('90')), staked(ton('9'), ton('90') + 1n)],
    ['evidenceWindow low', stake({ evidenceWindow: 1 }), stake({ evidenceWindow: 0 })],
    ['evidenceWindow high', evidence(30 * DAY), evidence(30 * DAY + 1)],
    ['longestDispute', dispute(30 * DAY), dispute(30 * DAY + 1)],
    ['lockGrace low', stake({ lockGrace: DAY }), stake({ lockGrace: DAY - 1 })],
    ['lockGrace high', stake({ lockGrace: 30 * DAY }), stake({ lockGrace: 30 * DAY + 1 })],
    ['unbondingPeriod low', stake({ unbondingPeriod: 10 * DAY + 1 }), stake({ unbondingPeriod: 10 * DAY })],
    ['unbondingPeriod high', stake({ unbondingPeriod: 90 * DAY }), stake({ unbondingPeriod: 90 * DAY + 1 })],
];

// The windows' own upper bound is out of reach: all together are shorter than longestDispute.
const disputeBounds: Bound[] = [
    ['jurors low', court({ jurors: 5 }), court({ jurors: 3 })],
    ['jurors high', court({ jurors: 9 }), court({ jurors: 11 })],
    ['jurors odd', court({ jurors: 7 }), court({ jurors: 6 })],
    ['jurorFee low', court({ jurorFee: ton('0.01') }), court({ jurorFee: ton('0.01') - 1n })],
    ['jurorFee high', court({ jurorFee: ton('10') }), court({ jurorFee: ton('10') + 1n })],
    ['jurorBond low', court({ jurorBond: ton('0.1') }), court({ jurorBond: ton('0.1') - 1n })],
    ['jurorBond high', court({ jurorBond: ton('10000') }), court({ jurorBond: ton('10000') + 1n })],
    ['minorityBps', court({ minorityBps: 5_000 }), court({ minorityBps: 5_001 })],
    ['accuserBond low', court({ accuserBond: ton('0.1') }), court({ accuserBond: ton('0.1') - 1n })],
    ['accuserBond high', court({ accuserBond: ton('1000') }), court({ accuserBond: ton('1000') + 1n })],
    ['receiptMultiple low', court({ receiptMultiple: 1 }), court({ receiptMultiple: 0 })],
    ['receiptMultiple high', court({ receiptMultiple: 10_000 }), court({ receiptMultiple: 10_001 })],
    ['maxReceiptSlash', court({ maxReceiptSlash: 1n }), court({ maxReceiptSlash: 0n })],
    ['seatRate', court({ seatRate: 1n }), court({ seatRate: 0n })],
    ['discloseWindow', court({ discloseWindow: 1 }), court({ discloseWindow: 0 })],
    ['answerWindow', court({ answerWindow: 1 }), court({ answerWindow: 0 })],
    ['seatWindow', court({ seatWindow: 1 }), court({ seatWindow: 0 })],
    ['revealWindow', court({ revealWindow: 1 }), court({ revealWindow: 0 })],
    ['jurorAge low', court({ jurorAge: 1 }), court({ jurorAge: 0 })],
    ['jurorAge high', court({ jurorAge: 30 * DAY }), court({ jurorAge: 30 * DAY + 1 })],
    ['longestDispute of all windows', dispute(course(DISPUTES) + 60), dispute(course(DISPUTES) + 59)],
    ...slower(60),
    ['dispute code with parameters', kindsOf(null, null), kindsOf({ hash: 1n, depth: 0 }, null)],
    ['parameters with dispute code', kindsOf({ hash: 1n, depth: 0 }, DISPUTES), kindsOf(null, DISPUTES)],
];

const onPublicNetworks: Bound[] = [
    ['discloseWindow', court({ discloseWindow: HOUR }), court({ discloseWindow: HOUR - 1 })],
    ['answerWindow', court({ answerWindow: HOUR }), court({ answerWindow: HOUR - 1 })],
    ['seatWindow', court({ seatWindow: HOUR }), court({ seatWindow: HOUR - 1 })],
    ['revealWindow', court({ revealWindow: HOUR }), court({ revealWindow: HOUR - 1 })],
    ['jurorAge', court({ jurorAge: HOUR }), court({ jurorAge: HOUR - 1 })],
    ['rest of longestDispute', dispute(course(DISPUTES) + HOUR), dispute(course(DISPUTES) + HOUR - 1)],
    ['minWindow', job({ minWindow: HOUR }), job({ minWindow: HOUR - 1 })],
    ['evidenceWindow', stake({ evidenceWindow: HOUR }), stake({ evidenceWindow: HOUR - 1 })],
    ['releaseDelay', vaults(HOUR), vaults(HOUR - 1)],
];

function kinds(attestor: Address): TermsOverrides {
    return { kinds: { vault: null, releaseDelay: 0, dispute: null, attestor, disputes: null } };
}

/** Changed parameters of disputes; the code of the Dispute is not looked at. */
function court(changes: Partial<DisputeParams>): TermsOverrides {
    return kindsOf({ hash: 1n, depth: 0 }, { ...DISPUTES, ...changes });
}

function kindsOf(dispute: { hash: bigint; depth: number } | null, disputes: DisputeParams | null) {
    return { kinds: { vault: null, releaseDelay: 0, dispute, attestor: null, disputes } };
}

/** The longest course of a dispute: all its windows, and both rounds. */
function course({ discloseWindow, answerWindow, seatWindow, revealWindow }: DisputeParams): number {
    return discloseWindow + answerWindow + 2 * (seatWindow + revealWindow);
}

/** Each window as long as longestDispute leaves time for, and a second longer. */
function slower(slack: number): Bound[] {
    const windows = ['discloseWindow', 'answerWindow', 'seatWindow', 'revealWindow'] as const;
    return windows.map((window) => {
        const longer = (by: number) => ({ ...DISPUTES, [window]: DISPUTES[window] + by });
        const exact = dispute(course(longer(100)) + slack);
        return [
            `${window} within longestDispute`,
            { ...court(longer(100)), ...exact },
            { ...court(longer(101)), ...exact },
        ];
    });
}

function vaults(releaseDelay: number): TermsOverrides {
    return {
        kinds: { vault: { hash: 1n, depth: 0 }, releaseDelay, dispute: null, attestor: null, disputes: null },
    };
}

function staked(minStake: bigint, reserve = minStake): TermsOverrides {
    return stake({ minStake, reserve });
}

function evidence(evidenceWindow: number): TermsOverrides {
    return stake({ evidenceWindow, unbondingPeriod: 90 * DAY });
}

function dispute(longestDispute: number): TermsOverrides {
    return stake({ longestDispute, unbondingPeriod: 90 * DAY });
}

let blockchain: Blockchain;
let protocol: Protocol;

async function check(overrides: TermsOverrides, refusedWith?: bigint): Promise<void> {
    const result = await propose(protocol, { terms: encodeTerms(defaultTerms(overrides)) });
    if (refusedWith === undefined) expectAccepted(result, protocol.registry.address);
    else expectRefused(result, protocol.registry.address, refusedWith);
}

describe('on a private network', () => {
    beforeAll(async () => {
        blockchain = await createBlockchain();
        protocol = await deployProtocol(blockchain);
    });

    let fresh: ReturnType<Blockchain['snapshot']>;
    beforeEach(() => {
        fresh ??= blockchain.snapshot();
        return blockchain.loadFrom(fresh);
    });

    it.each([...anywhere, ...disputeBounds])(
        '%s is accepted at its bound and refused beyond',
        async (...[, at, beyond, exitCode]) => {
            await check(at);
            await check(beyond, exitCode ?? binding.ERR_BOUNDS);
        },
    );

    it('terms of another network are refused', () => check({ networkId: -218 }, binding.ERR_NETWORK));

    it('terms may demand the release that comes with them', async () => {
        const release = encodeRelease({ version: 2, code: Node.code(), migrator: null });
        const at = await propose(protocol, {
            release,
            terms: encodeTerms(defaultTerms({ minNodeVersion: 2 })),
        });
        expectAccepted(at, protocol.registry.address);
        const beyond = await propose(protocol, {
            release,
            terms: encodeTerms(defaultTerms({ minNodeVersion: 3 })),
        });
        expectRefused(beyond, protocol.registry.address, binding.ERR_BOUNDS);
    });

    it.each(['the terms', 'a part of the terms'])('bits behind %s are refused', async (where) => {
        const terms = binding.loadTerms(encodeTerms(defaultTerms()).beginParse());
        const pad = (cell: typeof terms.kinds) =>
            beginCell().storeSlice(cell.beginParse()).storeBit(false).endCell();
        const encode = (value: typeof terms) => beginCell().store(binding.storeTerms(value)).endCell();
        const cell =
            where === 'the terms'
                ? pad(encode(terms))
                : encode({ ...terms, stakeParams: pad(terms.stakeParams) });
        expectRefused(await propose(protocol, { terms: cell }), protocol.registry.address, CELL_UNDERFLOW);
    });
});

describe('on a public network', () => {
    it.each(onPublicNetworks)('%s is at least an hour', async (_, at, beyond) => {
        blockchain = await createBlockchain();
        const common = { networkId: MAINNET, jobParams: { minWindow: HOUR } };
        protocol = await deployProtocol(blockchain, { timelock: DAY, terms: common });
        const merge = (overrides: TermsOverrides): TermsOverrides => ({
            ...overrides,
            networkId: MAINNET,
            jobParams: { ...common.jobParams, ...overrides.jobParams },
        });
        await check(merge(at));
        await check(merge(beyond), binding.ERR_BOUNDS);
    });
});
