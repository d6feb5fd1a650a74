import type {
    Address,
    Cell,
    Contract,
    ContractProvider,
    OpenedContract,
    StateInit,
    Transaction,
    TupleItem,
} from '@ton/core';
import { openContract } from '@ton/core';
import { bytesToHex, toBuffer } from '../utils';
import type {
    Account,
    ChainReader,
    GetMethodResult,
    GetTransactionsOptions,
    MasterchainInfo,
} from './chain-reader';
import {
    GetMethodError,
    MessageRejectedError,
    type RpcError,
    RpcRateLimitedError,
    RpcResponseError,
} from './errors';
import { JsonRpc, type JsonRpcOptions } from './json-rpc';
import {
    parseAccount,
    parseConfigParam,
    parseGetMethodResult,
    parseMasterchainInfo,
    parseTransaction,
} from './parse';
import { contractProvider } from './provider';
import { encodeStack } from './stack';

export type RpcOptions = JsonRpcOptions;

/** Client of the toncenter v2 API. */
export interface Rpc extends ChainReader {
    /** A method that has no wrapper here. Resolves with the raw `result`. */
    call(method: string, params: Record<string, unknown>): Promise<unknown>;
    /** Binds a contract wrapper, so that its get… and send… methods work. */
    open<T extends Contract>(contract: T): OpenedContract<T>;
    provider(address: Address, init?: StateInit | null): ContractProvider;
}

/** Connects to toncenter v2 endpoints: retries with back-off, rate limit, failover. Throws RpcError's subclasses. */
export function createRpc(options: RpcOptions): Rpc {
    return new TonCenterRpc(new JsonRpc(options));
}

class TonCenterRpc implements Rpc {
    constructor(private readonly http: JsonRpc) {}

    call(method: string, params: Record<string, unknown>): Promise<unknown> {
        return this.http.call(method, params);
    }

    async getAccount(address: Address): Promise<Account> {
        return parseAccount(await this.http.call('getAddressInformation', { address: address.toString() }));
    }

    async getTransactions(address: Address, options: GetTransactionsOptions = {}): Promise<Transaction[]> {
        const { from, toLt = 0n, limit = 20 } = options;
        const result = await this.http.call('getTransactions', {
            address: address.toString(),
            limit,
            archival: true,
            ...(toLt > 0n ? { to_lt: toLt.toString() } : {}),
            ...(from ? { lt: from.lt.toString(), hash: bytesToHex(from.hash) } : {}),
        });
        if (!Array.isArray(result)) {
            throw new RpcResponseError('a list of transactions that cannot be read', 200, false);
        }
        return result
            .map(parseTransaction)
            .filter((tx) => tx.lt > toLt && (from === undefined || tx.lt <= from.lt))
            .slice(0, limit);
    }

    async runGetMethod(
        address: Address,
        method: string | number,
        stack: TupleItem[] = [],
    ): Promise<GetMethodResult> {
        const answer = await this.http.call('runGetMethod', {
            address: address.toString(),
            method,
            stack: encodeStack(stack),
        });
        const result = parseGetMethodResult(answer);
        if (result.exitCode !== 0 && result.exitCode !== 1) {
            throw new GetMethodError(method, address.toString(), result.exitCode);
        }
        return result;
    }

    async sendBoc(boc: Uint8Array): Promise<void> {
        let ambiguous = false;
        try {
            await this.http.call('sendBoc', { boc: toBuffer(boc).toString('base64') }, (error: RpcError) => {
                ambiguous ||= !(error instanceof RpcRateLimitedError);
            });
        } catch (error) {
            if (!(error instanceof RpcResponseError)) throw error;
            // The same message is already waiting to be included: that is what was asked for.
            if (/duplicate message/i.test(error.apiMessage)) return;
            throw new MessageRejectedError(error.apiMessage, ambiguous, { cause: error });
        }
    }

    async locateResultTx(
        source: Address,
        destination: Address,
        createdLt: bigint,
    ): Promise<Transaction | null> {
        try {
            const result = await this.http.call('tryLocateResultTx', {
                source: source.toString(),
                destination: destination.toString(),
                created_lt: createdLt.toString(),
            });
            return parseTransaction(result);
        } catch (error) {
            if (
                error instanceof RpcResponseError &&
                /not found|can(no|')t (locate|find)/i.test(error.apiMessage)
            ) {
                return null;
            }
            throw error;
        }
    }

    async getMasterchainInfo(): Promise<MasterchainInfo> {
        return parseMasterchainInfo(await this.http.call('getMasterchainInfo', {}));
    }

    async getConfigParam(id: number): Promise<Cell> {
        return parseConfigParam(await this.http.call('getConfigParam', { config_id: id }));
    }

    provider(address: Address, init?: StateInit | null): ContractProvider {
        return contractProvider(this, address, init);
    }

    open<T extends Contract>(contract: T): OpenedContract<T> {
        return openContract(contract, ({ address, init }) => this.provider(address, init));
    }
}
