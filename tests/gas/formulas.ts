import { PRICES_2024 } from 'cocoon-devnet';
import { constant } from './measured';

// The contracts' fee functions, written once more: what an entry message must bring, to the nanoTON.

const roundedUp = (value: bigint) => (value + 0xffffn) >> 16n;

export type Fees = ReturnType<typeof feesUnder>;

/** @param factor of all prices of the test network */
export function feesUnder(factor: bigint) {
    const { gas, forward } = PRICES_2024;

    function compute(units: number): bigint {
        const above = BigInt(units) - gas.flatGasLimit;
        if (above <= 0n) return gas.flatGasPrice * factor;
        return gas.flatGasPrice * factor + roundedUp(above * gas.gasPrice * factor);
    }

    function message(cells = 0, bits = 0): bigint {
        const content = forward.bitPrice * BigInt(bits) + forward.cellPrice * BigInt(cells);
        return forward.lumpPrice * factor + roundedUp(content * factor);
    }

    const trace = (units: number, messages: number, cells = 0, bits = 0) =>
        compute(units) + message(cells, bits) + BigInt(messages - 1) * message();
    const of = (name: string, messages: number, cells = 0, bits = 0) =>
        trace(constant(name), messages, cells, bits);
    const spec = [constant('SPEC_CELLS'), constant('SPEC_CONTENT_BITS')] as const;
    const content = [constant('ANNOUNCE_CELLS'), constant('ANNOUNCE_BITS')] as const;
    const announce = of('GAS_ANNOUNCE', 1, ...spec);
    const settle = trace(constant('GAS_SETTLE') + constant('GAS_SETTLE_LOCK'), 8);
    return {
        compute,
        post: announce + of('GAS_POST_JOB', 2, ...content),
        announceAgain: announce + of('GAS_JOB_STEP', 2, ...content),
        step: of('GAS_JOB_STEP', 2),
        settle,
        destroy: of('GAS_DESTROY', 2),
        claim: of('GAS_CLAIM', 4, 2, 1_300),
        decline: of('GAS_DECLINE', 1) + settle,
        releaseLock: of('GAS_RELEASE_LOCK', 2),
        simple: of('GAS_NODE_SIMPLE', 2, 2, 600),
        adopt: of('GAS_ADOPT_TERMS', 4, 11, 6_000),
        upgrade: of('GAS_UPGRADE', 4, 300, 120_000),
    };
}

/** Storage of a Job for five years, in nanoTON. */
export function jobStorage(factor: bigint): bigint {
    const { bitPrice, cellPrice } = PRICES_2024.storage;
    const cells = BigInt(constant('JOB_STORAGE_CELLS')) * cellPrice;
    const bits = BigInt(constant('JOB_STORAGE_BITS')) * bitPrice;
    return roundedUp((cells + bits) * factor * BigInt(constant('FIVE_YEARS')));
}
