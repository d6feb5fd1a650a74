import { Cell, loadTransaction, type Transaction, TupleReader } from '@ton/core';
import { base64ToBytes } from '../utils';
import type { Account, GetMethodResult, MasterchainInfo, TransactionId } from './chain-reader';
import { RpcResponseError } from './errors';
import { decodeStack } from './stack';

/** The answer of getAddressInformation. */
export function parseAccount(value: unknown): Account {
    return reading('an account', () => {
        const answer = value as Record<string, unknown>;
        return {
            balance: BigInt(answer.balance as string | number),
            state: parseState(answer.state),
            code: optionalCell(answer.code),
            data: optionalCell(answer.data),
            lastTransaction: parseTransactionId(answer.last_transaction_id),
            syncTime: finite(answer.sync_utime),
        };
    });
}

/** One transaction, parsed from its cell: the API's own fields are not used. */
export function parseTransaction(value: unknown): Transaction {
    return reading('a transaction', () => {
        const data = (value as { data: string }).data;
        return loadTransaction(Cell.fromBase64(data).beginParse());
    });
}

/** The answer of runGetMethod, whatever its exit code. */
export function parseGetMethodResult(value: unknown): GetMethodResult {
    return reading('the result of a get method', () => {
        const answer = value as { stack: unknown; exit_code: unknown; gas_used: unknown };
        return {
            stack: new TupleReader(decodeStack(answer.stack)),
            exitCode: finite(answer.exit_code),
            gasUsed: BigInt(finite(answer.gas_used)),
        };
    });
}

/** The answer of getMasterchainInfo. */
export function parseMasterchainInfo(value: unknown): MasterchainInfo {
    return reading('masterchain info', () => {
        const last = (value as { last: Record<string, unknown> }).last;
        return { workchain: finite(last.workchain), shard: String(last.shard), seqno: finite(last.seqno) };
    });
}

/** The answer of getConfigParam. */
export function parseConfigParam(value: unknown): Cell {
    return reading('a config parameter', () =>
        Cell.fromBase64((value as { config: { bytes: string } }).config.bytes),
    );
}

function parseState(value: unknown): Account['state'] {
    if (value === 'active' || value === 'frozen') return value;
    if (value === 'uninitialized' || value === 'uninit') return 'uninit';
    throw new TypeError('state');
}

function parseTransactionId(value: unknown): TransactionId | null {
    const { lt, hash } = value as { lt: string; hash: string };
    return lt === '0' ? null : { lt: BigInt(lt), hash: base64ToBytes(hash) };
}

function optionalCell(value: unknown): Cell | null {
    return typeof value === 'string' && value !== '' ? Cell.fromBase64(value) : null;
}

function finite(value: unknown): number {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw new TypeError('number');
    return value;
}

function reading<T>(what: string, read: () => T): T {
    try {
        return read();
    } catch (cause) {
        if (cause instanceof RpcResponseError) throw cause;
        throw new RpcResponseError(`${what} that cannot be read`, 200, false, { cause });
    }
}
