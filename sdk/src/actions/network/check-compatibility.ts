import { codeId, Dispute, Job, Market, Node, TERMS_LAYOUT, type Terms, Vault } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { SdkOutdatedError } from '../../client/errors';
import { type GetTermsErrorType, getTerms } from './get-terms';

export type CheckCompatibilityReturnType = {
    readonly compatible: boolean;
    /** What differs: `layout`, `bootstrap code`, `job code`, `market code`, `vault code`, `dispute code`. */
    readonly differences: readonly string[];
};
export type CheckCompatibilityErrorType = GetTermsErrorType;

/** Compares the contracts of the current terms with those that this SDK has. */
export async function checkCompatibility(client: CocoonClient): Promise<CheckCompatibilityReturnType> {
    const { terms } = await getTerms(client);
    const differences = termsDifferences(terms);
    return { compatible: differences.length === 0, differences };
}

/** Throws SdkOutdatedError when these terms name contracts that this SDK does not have. */
export function assertTermsSupported(terms: Terms): void {
    const differences = termsDifferences(terms);
    if (differences.length > 0) throw new SdkOutdatedError(`another ${differences.join(', ')}`);
}

function termsDifferences(terms: Terms): string[] {
    // Of another layout nothing else can be read.
    if (terms.layout !== TERMS_LAYOUT) return ['layout'];
    const kinds = [
        ['bootstrap code', terms.bootstrap, Node.bootstrapCode()],
        ['job code', terms.job, Job.code()],
        ['market code', terms.market, Market.code()],
    ] as const;
    const { vault, dispute } = terms.kinds;
    const vaults = vault ? ([['vault code', vault, Vault.code()]] as const) : [];
    const disputes = dispute ? ([['dispute code', dispute, Dispute.code()]] as const) : [];
    return [...kinds, ...vaults, ...disputes].flatMap(([name, id, code]) =>
        id.hash === codeId(code).hash ? [] : [name],
    );
}
