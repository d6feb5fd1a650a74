/** What the null engine answers to everything. */
export const TOKENS = 64;
export const WORD = ' word';
export const PROMPT_TOKENS = 32;

/** What the node asks, nanoTON per 1M tokens. */
export const PRICES = { promptPrice: 1_000_000n, cachedPromptPrice: 1_000_000n, completionPrice: 4_000_000n };
