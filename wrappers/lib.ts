import { type Address, type Builder, beginCell, Cell, contractAddress, type StateInit } from '@ton/core';

/** The cell that a generated `storeX(...)` writes. */
export function cellOf(write: (builder: Builder) => void): Cell {
    return beginCell().store(write).endCell();
}

/** A code cell that is parsed once, at its first use. */
export function lazyCode(artifact: { readonly boc: string }): () => Cell {
    let code: Cell | undefined;
    return () => {
        code ??= Cell.fromBase64(artifact.boc);
        return code;
    };
}

export function basechainAddress(init: StateInit): Address {
    return contractAddress(0, init);
}

/** Text as a snake of cells, 127 bytes each. */
export function snakeCell(text: string): Cell {
    return beginCell().storeStringTail(text).endCell();
}

export function snakeText(cell: Cell): string {
    return cell.beginParse().loadStringTail();
}

export interface QueryOptions {
    /** Echoed by every message of the trace. Default 0. */
    queryId?: bigint;
}
