import type { Cell } from '@ton/core';
import { loadRelease, storeRelease } from '../build/Registry/Registry_Registry';
import { cellOf } from './lib';

/** Node code that the Registry offers. Its hash is what owners name in RegisterNode and RequestUpgrade. */
export interface Release {
    version: number;
    code: Cell;
    /** Getter `migrate(Cell): Cell` from the previous release's data; null when the layout stays. */
    migrator: Cell | null;
}

export function encodeRelease(release: Release): Cell {
    return cellOf(storeRelease({ $$type: 'Release', ...release, version: BigInt(release.version) }));
}

export function decodeRelease(cell: Cell): Release {
    const { version, code, migrator } = loadRelease(cell.beginParse());
    return { version: Number(version), code, migrator };
}
