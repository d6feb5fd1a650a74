export type BudgetPeriod = 'hour' | 'day' | 'week' | 'month';

/** One API key. Amounts in nanoTON; null means no limit. */
export interface ApiKey {
    readonly id: string;
    /** The end of the key, for people to recognise it. */
    readonly hint: string;
    readonly name: string;
    /** Names of the models that it may use. */
    readonly models: readonly string[] | null;
    readonly requestsPerMinute: number | null;
    readonly tokensPerMinute: number | null;
    /** Most tokens of one answer. */
    readonly maxTokens: number | null;
    readonly budgetTotal: bigint | null;
    readonly budgetPeriod: bigint | null;
    readonly period: BudgetPeriod | null;
    readonly createdAt: Date;
    readonly revokedAt: Date | null;
}

export type NewApiKey = Partial<
    Pick<
        ApiKey,
        | 'models'
        | 'requestsPerMinute'
        | 'tokensPerMinute'
        | 'maxTokens'
        | 'budgetTotal'
        | 'budgetPeriod'
        | 'period'
    >
> & { readonly name: string };
