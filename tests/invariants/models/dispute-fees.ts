import { feesUnder } from '../../gas/formulas';
import { constant } from '../../gas/measured';

const MESSAGE = 400_000n;
const { compute } = feesUnder(1n);
const plain = (messages: bigint, ...gas: string[]) =>
    compute(gas.reduce((sum, name) => sum + constant(name), 0)) + messages * MESSAGE;

/** What a Dispute attaches to its messages, and keeps of answers, in nanoTON. */
export const fees = {
    answered: plain(2n, 'GAS_ACCUSED'),
    settleSeat: plain(4n, 'GAS_SETTLE_SEAT'),
    settleAccusation: plain(3n, 'GAS_SETTLE_ACCUSATION'),
    verdict: plain(9n, 'GAS_VERDICT', 'GAS_SETTLE_DISPUTED_LOCK'),
};
