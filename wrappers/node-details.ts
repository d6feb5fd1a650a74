import type { Address, Cell, Dictionary } from '@ton/core';
import {
    type HeldTerms as HeldTermsRecord,
    loadNodeCold,
    loadNodeControl,
    loadNodePending,
    loadNodeRest,
} from '../build/Node/Node_Node';
import { decodeProfile, type NodeProfile } from './offers';

export interface OperatorKey {
    /** Ed25519 public key. */
    operatorKey: bigint;
    /** Valid from here … */
    activatedAt: number;
    /** … to here; undefined for the present key. */
    rotatedAt?: number;
}

/** What a Node keeps beside what a claim needs. Amounts in nanoTON, times in unix seconds, periods in seconds. */
export interface NodeCold {
    since: number;
    counters: { paid: number; expired: number; declined: number; earned: bigint; slashed: bigint };
    unbondingPeriod: number;
    evidenceWindow: number;
    retention: number;
    minStake: bigint;
    unbonding: bigint;
    terms: HeldTerms[];
    unbondings: { unlockAt: number; amount: bigint }[];
    keys: OperatorKey[];
    profile: NodeProfile;
    pending: { owner?: Address; termsHash: bigint; releaseHash: bigint };
}

export interface HeldTerms {
    termsHash: bigint;
    /** Seconds after a claim at which its lock ends at the latest. */
    lockSpan: number;
    /** Unix time; undefined while the node serves under these terms. */
    droppedAt?: number;
    terms: Cell;
}

export function decodeNodeCold(cell: Cell): NodeCold {
    const cold = loadNodeCold(cell.beginParse());
    const rest = loadNodeRest(cold.rest.beginParse());
    const keys = loadNodeControl(rest.control.beginParse());
    const pending = keys.pending ? loadNodePending(keys.pending.beginParse()) : undefined;
    return {
        since: Number(cold.since),
        counters: {
            paid: Number(cold.paid),
            expired: Number(cold.expired),
            declined: Number(cold.declined),
            earned: cold.earned,
            slashed: cold.slashed,
        },
        unbondingPeriod: Number(cold.unbondingPeriod),
        evidenceWindow: Number(cold.evidenceWindow),
        retention: Number(cold.retention),
        minStake: cold.minStake,
        unbonding: cold.unbonding,
        terms: decodeHeldTerms(cold.terms),
        unbondings: [...rest.unbondings].map(([unlockAt, amount]) => ({
            unlockAt: Number(unlockAt),
            amount,
        })),
        keys: [
            { operatorKey: keys.operatorKey, activatedAt: Number(keys.activatedAt) },
            ...[...keys.retired].map(([rotatedAt, key]) => ({
                operatorKey: key.operatorKey,
                activatedAt: Number(key.activatedAt),
                rotatedAt: Number(rotatedAt),
            })),
        ],
        profile: decodeProfile(rest.profile),
        pending: {
            owner: pending?.owner ?? undefined,
            termsHash: pending?.termsHash ?? 0n,
            releaseHash: pending?.releaseHash ?? 0n,
        },
    };
}

function decodeHeldTerms(held: Dictionary<bigint, HeldTermsRecord>): HeldTerms[] {
    return [...held].map(([termsHash, record]) => ({
        termsHash,
        lockSpan: Number(record.lockSpan),
        droppedAt: record.droppedAt === 0n ? undefined : Number(record.droppedAt),
        terms: record.terms,
    }));
}
