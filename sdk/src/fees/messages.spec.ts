import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
    type ChainPrices,
    computeFee,
    forwardFee,
    messageFees,
    plainTraceFee,
    storageReserve,
    traceFee,
    withMargin,
} from '.';

const files = [
    ...['common', 'job', 'node', 'registry', 'vault', 'dispute'].map((system) => `${system}/fees.tact`),
    'common/dispute-fees.tact',
    'market/market.tact',
];
const sources = files.map((file) => {
    return readFileSync(join(__dirname, '../../../contracts', file), 'utf8').replace(/\/\/.*$/gm, '');
});

/** Constants and fee functions of the contracts, as expressions. */
function definitions(pattern: RegExp): Map<string, string> {
    return new Map(
        sources.flatMap((text) => [...text.matchAll(pattern)].map((m) => [m[1]!, m[2]!] as const)),
    );
}
const constants = definitions(/const (\w+): Int = ([^;]+);/g);
const functions = definitions(/inline fun (\w+)\((?:\w+: Int)?\): Int \{\s*return\s+([^;]+);/g);

/** Computes a fee as the source of the contracts says; `count` of allocations or slots, where it depends on that. */
function contractFee(name: string, prices: ChainPrices, count = 0): bigint {
    const expression = (functions.get(name) ?? name).replace(
        /\b(allocations|slots|taken|count)\b/g,
        String(count),
    );
    const calls = {
        getComputeFee: computeFee,
        getForwardFee: forwardFee,
        traceFee,
        plainTraceFee,
        storageReserve,
    };
    const translated = expression
        .replace(/, false\)/g, ')')
        .replace(/\b(\d[\d_]*)\b/g, '$1n')
        .replace(/\b(\w+)\(\)/g, (_, inner: string) => `(${contractFee(inner, prices)}n)`)
        .replace(/\b[A-Z][A-Z_]+\b/g, (constant) => `(${evaluate(constants.get(constant)!)}n)`)
        .replace(/\b(\w+)\(/g, 'calls.$1(prices, ');
    return new Function('calls', 'prices', `return ${translated};`)(calls, prices) as bigint;
}

function evaluate(expression: string): bigint {
    const translated = expression
        .replace(/\b[A-Z][A-Z_]+\b/g, (constant) => `(${evaluate(constants.get(constant)!)})`)
        .replace(/\b(\d[\d_]*)\b(?!n)/g, '$1n');
    return BigInt(new Function(`return ${translated};`)() as bigint);
}

const prices: ChainPrices[] = [
    {
        gas: price(100n, 6_667n, 4_369_067n),
        forward: forward(66_667n, 4_369_067n, 436_906_667n),
        storage: storage(0n, 83n),
    },
    {
        gas: price(100n, 40_000n, 26_214_400n),
        forward: forward(400_000n, 26_214_400n, 2_621_440_000n),
        storage: storage(1n, 500n),
    },
];

function price(flatLimit: bigint, flatPrice: bigint, gasPrice: bigint) {
    return { flatLimit, flatPrice, price: gasPrice };
}
function forward(lump: bigint, bit: bigint, cell: bigint) {
    return { lump, bit, cell };
}
function storage(bit: bigint, cell: bigint) {
    return { bit, cell };
}

it.each([
    ['post', 'announceFee() + postFee()'],
    ['announceAgain', 'announceFee() + announceAgainFee()'],
    ['step', 'stepFee'],
    ['settle', 'settleFee'],
    ['destroy', 'destroyFee'],
    ['jobStorage', 'jobStorage'],
    ['marketStorage', 'storageReserve(MARKET_STORAGE_CELLS, MARKET_STORAGE_BITS)'],
    ['claim', 'claimFee'],
    ['decline', 'declineFee'],
    ['nodeSimple', 'simpleFee'],
    ['releaseLock', 'releaseLockFee'],
    ['adoptTerms', 'adoptFee'],
    ['upgrade', 'upgradeFee'],
    ['nodeStorage', 'nodeStorage'],
    ['governance', 'traceFee(GAS_SIMPLE, 2, EVENT_CELLS, EVENT_BITS)'],
] as const)('%s covers what the contracts demand, and little more', (fee, inContracts) => {
    for (const at of prices) {
        const demanded = contractFee(inContracts, at);
        expect(demanded).toBeGreaterThan(0n);
        expect(withMargin(messageFees[fee](at))).toBeGreaterThanOrEqual(demanded);
        expect(messageFees[fee](at)).toBeLessThan(2n * demanded);
    }
});

it.each([
    ['topUpVault', 'topUpFee'],
    ['increaseAllocation', 'increaseFee'],
    ['withdrawFromVault', 'withdrawFee'],
    ['redeem', 'redeemFee'],
    ['releaseNow', 'releaseFee'],
    ['releaseAllocation', 'releaseAllocationFee'],
    ['destroyVault', 'destroyVaultFee'],
    ['openVault', 'openVaultFee'],
    ['allocate', 'allocateFee'],
    ['requestRelease', 'requestReleaseFee'],
    ['finishRelease', 'finishReleaseFee'],
    ['vaultStorage', 'vaultStorage'],
] as const)('%s is what a vault demands', (fee, inContracts) => {
    for (const at of prices) {
        for (const count of [0, 1, 32]) {
            const demanded = contractFee(inContracts, at, count);
            expect(demanded).toBeGreaterThan(0n);
            expect(messageFees[fee](at, count)).toBe(demanded);
        }
    }
});

it.each([
    ['openDispute', 'job', 'openDisputeFee() + freezeFee()'],
    ['openDispute', 'session', 'openDisputeFee() + accuseFee()'],
    ['retryAccusation', undefined, 'accuseFee() + retryFee()'],
    ['discloseItem', undefined, 'discloseFee'],
    ['discloseSession', undefined, 'discloseSnakeFee'],
    ['revealVote', undefined, 'revealFee'],
    ['resolveDispute', 7, 'resolveFee'],
    ['destroyDispute', undefined, 'destroyDisputeFee'],
    ['disputeStorage', undefined, 'disputeStorage'],
    ['takeSeat', undefined, 'takeSeatFee'],
] as const)('%s(%s) is what a dispute demands', (fee, of, inContracts) => {
    for (const at of prices) {
        const compute: (prices: ChainPrices, of: never) => bigint = messageFees[fee];
        const demanded = contractFee(inContracts, at, Number(of ?? 0));
        expect(demanded).toBeGreaterThan(0n);
        expect(compute(at, of as never)).toBe(demanded);
    }
});

it.each([
    ['job', 'verdictFee()'],
    ['session', 'settleAccusationFee()'],
] as const)('a dispute over a %s holds what its longest course costs', (kind, verdict) => {
    const params = { jurors: 7, jurorFee: 11n, accuserBond: 1_000n };
    for (const at of prices) {
        const course = contractFee(`14 * settleSeatFee() + 3 * 5 + ${verdict}`, at);
        expect(messageFees.disputeHeld(at, params, 5n, kind)).toBe(1_000n + 14n * 11n + course);
    }
});
