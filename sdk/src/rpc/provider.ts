import {
    type Address,
    beginCell,
    type Cell,
    type Contract,
    type ContractProvider,
    type ContractState,
    comment,
    external,
    openContract,
    type Sender,
    SendMode,
    type StateInit,
    storeMessage,
    type TupleItem,
    toNano,
} from '@ton/core';
import { toBuffer } from '../utils';
import type { Account, ChainReader } from './chain-reader';

/** @ton/core's ContractProvider over any ChainReader, so that generated bindings work with it. */
export function contractProvider(
    reader: ChainReader,
    address: Address,
    init?: StateInit | null,
): ContractProvider {
    // A StateInit is attached only while it is needed: it costs forwarding fees.
    const neededInit = async (): Promise<StateInit | undefined> =>
        init && (await reader.getAccount(address)).state !== 'active' ? init : undefined;

    return {
        async getState(): Promise<ContractState> {
            return toContractState(await reader.getAccount(address));
        },
        async get(name: string | number, args: TupleItem[]) {
            const { stack, gasUsed } = await reader.runGetMethod(address, name, args);
            return { stack, gasUsed };
        },
        async external(message: Cell): Promise<void> {
            const ext = external({ to: address, init: await neededInit(), body: message });
            await reader.sendBoc(new Uint8Array(beginCell().store(storeMessage(ext)).endCell().toBoc()));
        },
        async internal(via: Sender, args): Promise<void> {
            await via.send({
                to: address,
                value: typeof args.value === 'string' ? toNano(args.value) : args.value,
                extracurrency: args.extracurrency,
                bounce: args.bounce ?? true,
                sendMode: args.sendMode ?? SendMode.PAY_GAS_SEPARATELY,
                init: await neededInit(),
                body: typeof args.body === 'string' ? comment(args.body) : args.body,
            });
        },
        open<T extends Contract>(contract: T) {
            return openContract(contract, (params) => contractProvider(reader, params.address, params.init));
        },
        getTransactions(account: Address, lt: bigint, hash: Buffer, limit?: number) {
            return reader.getTransactions(account, { from: { lt, hash }, limit });
        },
    };
}

function toContractState(account: Account): ContractState {
    const last = account.lastTransaction;
    return {
        balance: account.balance,
        extracurrency: null,
        last: last && { lt: last.lt, hash: toBuffer(last.hash) },
        state: toStorage(account),
    };
}

function toStorage(account: Account): ContractState['state'] {
    if (account.state === 'active') {
        return { type: 'active', code: account.code?.toBoc() ?? null, data: account.data?.toBoc() ?? null };
    }
    // toncenter v2 tells no hash of a frozen state.
    return account.state === 'frozen' ? { type: 'frozen', stateHash: Buffer.alloc(0) } : { type: 'uninit' };
}
