import type { Address } from '@ton/core';

/** A dispute by its address. */
export type DisputeTarget = { readonly dispute: Address };
