/** What the null engine answers to everything. */
export const TOKENS = 64;
export const WORD = ' word';
export const PROMPT_TOKENS = 32;
