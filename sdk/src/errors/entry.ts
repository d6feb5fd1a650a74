/** What an error means and what to do about it. The page docs/errors.md has one section for each code. */
export type ErrorEntry = { readonly meaning: string; readonly remedy: string };
