import { feesUnder } from '../../gas/formulas';

const { answered, settleSeat, settleAccusation, verdict } = feesUnder(1n);

/** What a Dispute attaches to its messages, and keeps of answers, in nanoTON. */
export const fees = { answered, settleSeat, settleAccusation, verdict };
