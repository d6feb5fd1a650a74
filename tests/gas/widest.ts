import { Address, toNano } from '@ton/core';
import { codeId, Dispute, type JobSpec, Vault } from 'cocoon-wrappers';
import { HOUR, type TermsOverrides, WIDEST_DISPUTES } from '../helpers/terms';
import { seededHash } from './full-node';

/** Terms with every field in its longest form: what they are forwarded and stored for. */
export const WIDEST_TERMS: TermsOverrides = {
    jobParams: { maxCollateral: 2n ** 119n },
    kinds: {
        vault: { hash: seededHash('vault'), depth: 9 },
        releaseDelay: 6 * HOUR,
        dispute: { hash: seededHash('dispute'), depth: 9 },
        attestor: new Address(0, Buffer.alloc(32, 7)),
        disputes: WIDEST_DISPUTES,
    },
};

/** The same with the contracts of disputes as they are. */
export const WIDEST_KINDS: NonNullable<TermsOverrides['kinds']> = {
    ...WIDEST_TERMS.kinds!,
    vault: codeId(Vault.code()),
    dispute: codeId(Dispute.code()),
};

export const WIDEST_COURT: TermsOverrides = { ...WIDEST_TERMS, kinds: WIDEST_KINDS };

/** Opens any dispute under them. */
export const RICH = toNano('3000');

/** A spec in its longest form that can still be paid for and claimed. */
export const WIDEST_SPEC: Partial<JobSpec> = {
    startPrice: toNano('20'),
    maxPrice: toNano('100'),
    rampSeconds: 100_000,
    minStake: toNano('100'),
};
