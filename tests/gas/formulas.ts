import { PRICES_2024 } from 'cocoon-devnet';
import type { Terms } from 'cocoon-wrappers';
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
    const list = (base: string, each: string) => (entries: number) =>
        compute(constant(base) + entries * constant(each));
    const release = of('GAS_RELEASE', 1);
    const gasOf = (...names: string[]) => names.reduce((sum, name) => sum + constant(name), 0);
    const evidence = [constant('ACCUSE_CELLS'), constant('ACCUSE_BITS')] as const;
    const accused = [constant('ACCUSED_CELLS'), constant('ACCUSED_BITS')] as const;
    return {
        compute,
        openVault: list('GAS_OPEN_VAULT', 'GAS_ALLOCATION'),
        allocate: list('GAS_ALLOCATE', 'GAS_ALLOCATION'),
        topUp: of('GAS_TOP_UP', 1),
        withdraw: of('GAS_WITHDRAW', 1),
        increase: compute(constant('GAS_INCREASE')),
        redeem: of('GAS_REDEEM', 1),
        requestRelease: list('GAS_REQUEST_RELEASE', 'GAS_SLOT'),
        finishRelease: (slots: number) => list('GAS_FINISH_RELEASE', 'GAS_SLOT')(slots) + message(),
        release,
        releaseAllocation: of('GAS_RELEASE_ALLOCATION', 1, 1, constant('RELEASE_BITS')) + release,
        destroyVault: of('GAS_DESTROY_VAULT', 2),
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
        freeze: trace(
            gasOf('GAS_FREEZE', 'GAS_FREEZE_LOCK', 'GAS_ACCUSED'),
            5,
            2 * accused[0],
            2 * accused[1],
        ),
        accuse: trace(gasOf('GAS_ACCUSE', 'GAS_ACCUSED'), 5, ...accused),
        answered: of('GAS_ACCUSED', 2),
        openDispute: of('GAS_OPEN_DISPUTE', 2, ...evidence),
        retry: of('GAS_RETRY', 2, ...evidence),
        disclose: of('GAS_DISCLOSE', 2),
        discloseSnake: of('GAS_DISCLOSE_SNAKE', 2),
        seat: of('GAS_SEAT', 2),
        reveal: of('GAS_REVEAL', 2),
        resolve: (taken: number) =>
            trace(
                constant('GAS_RESOLVE') + taken * constant('GAS_RESOLVE_SEAT'),
                taken + 6,
                taken,
                taken * constant('SETTLE_SEAT_BITS'),
            ),
        settleSeat: of('GAS_SETTLE_SEAT', 4),
        takeSeat: of('GAS_TAKE_SEAT', 4, 2, constant('SEAT_BITS')),
        settleAccusation: of('GAS_SETTLE_ACCUSATION', 3),
        verdict: trace(
            gasOf('GAS_VERDICT', 'GAS_SETTLE_DISPUTED_LOCK'),
            9,
            1,
            constant('SETTLE_DISPUTED_LOCK_BITS'),
        ),
        destroyDispute: of('GAS_DESTROY_DISPUTE', 2),
    };
}

/** What an OpenDispute must bring: bond, two rounds of jurors, tips, fees of the whole course and storage. */
export function openingFee(fees: Fees, kind: 'job' | 'session', terms: Terms, factor: bigint): bigint {
    const { disputes } = terms.kinds;
    if (!disputes) throw new Error('These terms have no disputes.');
    const { accuserBond, jurorFee, jurors } = disputes;
    const course = 2n * BigInt(jurors) * (jurorFee + fees.settleSeat) + 3n * terms.jobParams.keeperTip;
    const [asked, end] = kind === 'job' ? [fees.freeze, fees.verdict] : [fees.accuse, fees.settleAccusation];
    return accuserBond + course + end + asked + fees.openDispute + disputeStorage(factor);
}

/** Storage of a Job for five years, in nanoTON. */
export function jobStorage(factor: bigint): bigint {
    return storage(factor, constant('JOB_STORAGE_CELLS'), constant('JOB_STORAGE_BITS'));
}

/** Storage of a Vault with this many allocations for five years, in nanoTON. */
export function vaultStorage(factor: bigint, count: number): bigint {
    return storage(
        factor,
        constant('VAULT_STORAGE_CELLS') + count * constant('ALLOCATION_STORAGE_CELLS'),
        constant('VAULT_STORAGE_BITS') + count * constant('ALLOCATION_STORAGE_BITS'),
    );
}

/** Storage of a Dispute for five years, in nanoTON. */
export function disputeStorage(factor: bigint): bigint {
    return storage(factor, constant('DISPUTE_STORAGE_CELLS'), constant('DISPUTE_STORAGE_BITS'));
}

function storage(factor: bigint, cells: number, bits: number): bigint {
    const { bitPrice, cellPrice } = PRICES_2024.storage;
    const price = BigInt(cells) * cellPrice + BigInt(bits) * bitPrice;
    return roundedUp(price * factor * BigInt(constant('FIVE_YEARS')));
}
