import type { Cell } from '@ton/core';
import { loadJobConditions, loadJobSpec, storeJobConditions, storeJobSpec } from '../build/Job/Job_Job';
import { cellOf } from './lib';

/** What a client orders. Amounts in nanoTON, windows in seconds. */
export interface JobSpec {
    /** SHA-256 of the model's manifest. */
    modelId: bigint;
    /** Top of the salted Merkle tree over the items' inputs. */
    inputTop: bigint;
    /** The client's X25519 key; results are sealed to it. */
    resultKey: bigint;
    items: number;
    /** Index of the only node that may claim; undefined: any node. */
    direct?: number;
    /** The price rises from here … */
    startPrice: bigint;
    /** … to here over `rampSeconds`. For the whole job. */
    maxPrice: bigint;
    rampSeconds: number;
    /** What a claimer locks. */
    collateral: bigint;
    claimWindow: number;
    keyWindow: number;
    executionWindow: number;
    reviewWindow: number;
    /** Least stake of a claimer. */
    minStake: bigint;
    /** Attested image that a claimer must run; undefined: none. */
    image?: bigint;
}

export function encodeJobSpec(spec: JobSpec): Cell {
    const conditions = cellOf(
        storeJobConditions({
            $$type: 'JobConditions',
            direct: BigInt(spec.direct ?? -1),
            startPrice: spec.startPrice,
            maxPrice: spec.maxPrice,
            collateral: spec.collateral,
            rampSeconds: BigInt(spec.rampSeconds),
            claimWindow: BigInt(spec.claimWindow),
            keyWindow: BigInt(spec.keyWindow),
            executionWindow: BigInt(spec.executionWindow),
            reviewWindow: BigInt(spec.reviewWindow),
            minStake: spec.minStake,
            image: spec.image ?? 0n,
        }),
    );
    return cellOf(
        storeJobSpec({
            $$type: 'JobSpec',
            modelId: spec.modelId,
            inputTop: spec.inputTop,
            resultKey: spec.resultKey,
            items: BigInt(spec.items),
            conditions,
        }),
    );
}

export function decodeJobSpec(cell: Cell): JobSpec {
    const spec = loadJobSpec(cell.beginParse());
    const conditions = loadJobConditions(spec.conditions.beginParse());
    return {
        modelId: spec.modelId,
        inputTop: spec.inputTop,
        resultKey: spec.resultKey,
        items: Number(spec.items),
        direct: conditions.direct < 0n ? undefined : Number(conditions.direct),
        startPrice: conditions.startPrice,
        maxPrice: conditions.maxPrice,
        collateral: conditions.collateral,
        rampSeconds: Number(conditions.rampSeconds),
        claimWindow: Number(conditions.claimWindow),
        keyWindow: Number(conditions.keyWindow),
        executionWindow: Number(conditions.executionWindow),
        reviewWindow: Number(conditions.reviewWindow),
        minStake: conditions.minStake,
        image: conditions.image === 0n ? undefined : conditions.image,
    };
}
