import { type Cell, Dictionary } from '@ton/core';
import {
    dictValueParserModelInfo,
    loadModelInfo,
    type ModelInfo as RawModelInfo,
} from '../build/Registry/Registry_Registry';
import { snakeCell, snakeText } from './lib';

/** A model of the catalogue. Manifests are at most 4 cells (508 bytes of name, newline and URI). */
export interface ModelInfo {
    name: string;
    manifestUri: string;
    /** Unix seconds; the chain sets it. */
    addedAt: number;
}

/** What a proposal or Init sets. */
export type NewModel = Omit<ModelInfo, 'addedAt'>;

const value = dictValueParserModelInfo();

/** What a proposal or Init sets. */
export function encodeModels(
    models: ReadonlyMap<bigint, Omit<ModelInfo, 'addedAt'>>,
): Dictionary<bigint, RawModelInfo> {
    const entries = Dictionary.empty(Dictionary.Keys.BigUint(256), value);
    for (const [modelId, model] of models) {
        entries.set(modelId, {
            $$type: 'ModelInfo',
            manifest: snakeCell(`${model.name}\n${model.manifestUri}`),
            addedAt: 0n,
        });
    }
    return entries;
}

export function decodeModels(cell: Cell | null): Map<bigint, ModelInfo> {
    const models = new Map<bigint, ModelInfo>();
    if (!cell) return models;
    for (const [modelId, info] of Dictionary.loadDirect(Dictionary.Keys.BigUint(256), value, cell)) {
        models.set(modelId, readModel(info));
    }
    return models;
}

export function decodeModel(cell: Cell | null): ModelInfo | null {
    return cell ? readModel(loadModelInfo(cell.beginParse())) : null;
}

export function readModel(info: RawModelInfo): ModelInfo {
    const [name = '', manifestUri = ''] = snakeText(info.manifest).split('\n');
    return { name, manifestUri, addedAt: Number(info.addedAt) };
}
