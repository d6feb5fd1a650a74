import { toNano } from '@ton/core';
import type { DisputeParams } from 'cocoon-sdk';

/** What each juror's owner stands for: three seats at a time. */
export const JUROR_STAKE = toNano('10');

/** Windows of seconds, and seats that come by within some of them: of 2⁶⁴ numbers one comes by each 2⁶⁴ / (stake × rate) s. */
export const DISPUTES: DisputeParams = {
    jurors: 5,
    minorityBps: 1_000,
    receiptMultiple: 500,
    discloseWindow: 60,
    answerWindow: 60,
    seatWindow: 60,
    revealWindow: 60,
    jurorAge: 2,
    seatRate: 2n ** 64n / (JUROR_STAKE * 6n),
    jurorFee: toNano('0.05'),
    jurorBond: toNano('3'),
    accuserBond: toNano('1'),
    maxReceiptSlash: toNano('1'),
};

/** Collateral of the jobs: with the price at most twice the bond of a juror may be at issue. */
export const COLLATERAL = toNano('2');

/** A hundred times what is usual: one should see the price of one answer next to the fees. */
export const PRICES = {
    promptPrice: toNano('10'),
    cachedPromptPrice: toNano('5'),
    completionPrice: toNano('30'),
};
