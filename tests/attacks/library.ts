import { beginCell, type Cell, Dictionary } from '@ton/core';
import type { Blockchain } from '@ton/sandbox';

/**
 * A cell that stands for another one by its hash: contracts read through it only as long as somebody pays for the library
 * on the masterchain, so whoever does decides when the contract works.
 */
export function libraryCell(content: Cell): Cell {
    return beginCell().storeUint(2, 8).storeBuffer(content.hash()).endCell({ exotic: true });
}

/** Publishes libraries on the masterchain; none withdraws them all. */
export function publish(blockchain: Blockchain, ...contents: Cell[]): void {
    const libraries = Dictionary.empty(Dictionary.Keys.Buffer(32), Dictionary.Values.Cell());
    for (const content of contents) libraries.set(content.hash(), content);
    blockchain.libs = contents.length === 0 ? undefined : beginCell().storeDictDirect(libraries).endCell();
}
