/** Request kinds of the ledger. */
export type LedgerKind = 'chat' | 'completion' | 'embedding' | 'batch' | 'unattributed';

/** One request in the ledger; never what was asked or answered. Amounts in nanoTON, JSON values only. */
export interface LedgerEntry {
    readonly id: string;
    /** Unix milliseconds at which the request came. */
    readonly at: number;
    readonly key: string;
    readonly process: string;
    readonly kind: LedgerKind;
    readonly model: string;
    /** Account of the node; null where none answered. */
    readonly node: string | null;
    readonly promptTokens: number;
    readonly cachedTokens: number;
    readonly completionTokens: number;
    /** Decimal. */
    readonly price: string;
    /** `ok`, `interrupted`, or the code of the error. */
    readonly status: string;
    readonly firstTokenMs: number | null;
    readonly totalMs: number | null;
    /** The budget block that pays, and how much it is charged (decimal); null for keys without a budget. */
    readonly period: string | null;
    readonly charge: string;
}

/** A request that began: enough to account for it when the process dies. */
export interface LedgerStart {
    readonly id: string;
    readonly at: number;
    readonly key: string;
    readonly kind: LedgerKind;
    readonly model: string;
    readonly period: string | null;
    /** What the budget holds for it, decimal. */
    readonly hold: string;
}

/** The row of a request whose process died: its price is not known, so that the budget is charged all that it could cost. */
export function interruptedEntry(start: LedgerStart, process: string): LedgerEntry {
    return {
        ...start,
        process,
        node: null,
        promptTokens: 0,
        cachedTokens: 0,
        completionTokens: 0,
        price: '0',
        status: 'interrupted',
        firstTokenMs: null,
        totalMs: null,
        charge: start.period === null ? '0' : start.hold,
    };
}
