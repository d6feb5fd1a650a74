export { computeFee, forwardFee, plainTraceFee, storageReserve, traceFee } from './formulas';
export { messageFees, withMargin } from './messages';
export { type ChainPrices, readPrices } from './prices';
