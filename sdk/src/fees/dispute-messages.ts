import * as w from 'cocoon-wrappers';
import { plainTraceFee, storageReserve, traceFee } from './formulas';
import type { ChainPrices } from './prices';

// Mirrors contracts/dispute/fees.tact, contracts/common/dispute-fees.tact and what contracts/node/fees.tact has of disputes.

type Fee = (prices: ChainPrices) => bigint;
/** What a dispute is about: who is asked to freeze differs. */
type Kind = 'job' | 'session';

const accuse: Fee = (p) => traceFee(p, w.GAS_ACCUSE + w.GAS_ACCUSED, 5n, w.ACCUSED_CELLS, w.ACCUSED_BITS);
const freeze: Fee = (p) =>
    traceFee(
        p,
        w.GAS_FREEZE + w.GAS_FREEZE_LOCK + w.GAS_ACCUSED,
        5n,
        2n * w.ACCUSED_CELLS,
        2n * w.ACCUSED_BITS,
    );
const verdict: Fee = (p) =>
    traceFee(p, w.GAS_VERDICT + w.GAS_SETTLE_DISPUTED_LOCK, 9n, 1n, w.SETTLE_DISPUTED_LOCK_BITS);
const settleAccusation: Fee = (p) => plainTraceFee(p, w.GAS_SETTLE_ACCUSATION, 3n);
const settleSeat: Fee = (p) => plainTraceFee(p, w.GAS_SETTLE_SEAT, 4n);
const asking = (p: ChainPrices, gas: bigint) => traceFee(p, gas, 2n, w.ACCUSE_CELLS, w.ACCUSE_BITS);

/** Least value in nanoTON of the messages about disputes. */
export const disputeFees = {
    /** Fees of an opening; bond, costs of the jury and storage come on top. */
    openDispute: (p: ChainPrices, kind: Kind) =>
        asking(p, w.GAS_OPEN_DISPUTE) + (kind === 'job' ? freeze(p) : accuse(p)),
    /** What a dispute holds of the accuser's: bond, two rounds of jurors, tips, the verdict. What is not spent returns. */
    disputeHeld: (
        p: ChainPrices,
        params: Pick<w.DisputeParams, 'jurors' | 'jurorFee' | 'accuserBond'>,
        keeperTip: bigint,
        kind: Kind,
    ) =>
        params.accuserBond +
        2n * BigInt(params.jurors) * (params.jurorFee + settleSeat(p)) +
        w.TIPS * keeperTip +
        (kind === 'job' ? verdict(p) : settleAccusation(p)),
    disputeStorage: (p: ChainPrices) => storageReserve(p, w.DISPUTE_STORAGE_CELLS, w.DISPUTE_STORAGE_BITS),
    retryAccusation: (p: ChainPrices) => accuse(p) + asking(p, w.GAS_RETRY),
    /** DiscloseItem, AnswerItem. */
    discloseItem: (p: ChainPrices) => plainTraceFee(p, w.GAS_DISCLOSE, 2n),
    /** DiscloseRequest, DiscloseResponse. */
    discloseSession: (p: ChainPrices) => plainTraceFee(p, w.GAS_DISCLOSE_SNAKE, 2n),
    revealVote: (p: ChainPrices) => plainTraceFee(p, w.GAS_REVEAL, 2n),
    /** By the seats that are taken in this round. */
    resolveDispute: (p: ChainPrices, taken: number) =>
        traceFee(
            p,
            w.GAS_RESOLVE + BigInt(taken) * w.GAS_RESOLVE_SEAT,
            BigInt(taken) + 6n,
            BigInt(taken),
            BigInt(taken) * w.SETTLE_SEAT_BITS,
        ),
    destroyDispute: (p: ChainPrices) => plainTraceFee(p, w.GAS_DESTROY_DISPUTE, 2n),
    takeSeat: (p: ChainPrices) => traceFee(p, w.GAS_TAKE_SEAT, 4n, 2n, w.SEAT_BITS),
} as const;
