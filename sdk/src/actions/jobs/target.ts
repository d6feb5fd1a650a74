import type { Address } from '@ton/core';

/** A job by its address. */
export type JobTarget = { readonly job: Address };
