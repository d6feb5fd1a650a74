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

const sources = ['common', 'job', 'node', 'registry', 'vault', 'market'].map((system) => {
    const file = system === 'market' ? 'market/market.tact' : `${system}/fees.tact`;
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
    const expression = (functions.get(name) ?? name).replace(/\b(allocations|slots|count)\b/g, String(count));
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
