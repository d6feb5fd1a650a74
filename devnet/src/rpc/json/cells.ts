import type { Cell } from '@ton/core';

export function toBase64(cell: Cell): string {
    return cell.toBoc({ idx: false }).toString('base64');
}
