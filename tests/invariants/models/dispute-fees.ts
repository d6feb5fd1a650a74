import {
    GAS_ACCUSED,
    GAS_SETTLE_ACCUSATION,
    GAS_SETTLE_LOCK,
    GAS_SETTLE_SEAT,
    GAS_VERDICT,
} from 'cocoon-wrappers';
import { feesUnder } from '../../gas/formulas';

const MESSAGE = 400_000n;
const { compute } = feesUnder(1n);
const plain = (gas: bigint, messages: bigint) => compute(Number(gas)) + messages * MESSAGE;

/** What a Dispute attaches to its messages, and keeps of answers, in nanoTON. */
export const fees = {
    answered: plain(GAS_ACCUSED, 2n),
    settleSeat: plain(GAS_SETTLE_SEAT, 4n),
    settleAccusation: plain(GAS_SETTLE_ACCUSATION, 3n),
    verdict: plain(GAS_VERDICT + GAS_SETTLE_LOCK, 9n),
};
