import { Address, beginCell, Cell, storeShardAccount } from '@ton/core';
import { createShardAccount } from '@ton/sandbox';
import type { EncodedAccount } from './accounts';
import type { Chain } from './chain';
import type { RawAddress } from './types';

/** The account that holds the network configuration; tools read it from there. */
const CONFIG_ADDRESS: RawAddress = `-1:${'5'.repeat(64)}`;

/** Encoding it takes a fifth of a second: networks of one configuration share it. */
const configAccounts = new WeakMap<Cell, EncodedAccount>();

/** Sets up the configuration account and makes the first block. */
export async function createGenesis(chain: Chain): Promise<void> {
    const { config } = chain.emulator;
    let account = configAccounts.get(config);
    if (!account) {
        const data = beginCell().storeRef(config).endCell();
        account = encodeAccount({ address: CONFIG_ADDRESS, code: Cell.EMPTY, data, balance: 0n });
        configAccounts.set(config, account);
    }
    const encoded = account;
    await chain.exclusive(() => chain.setAccount(CONFIG_ADDRESS, encoded));
    await chain.produceBlock();
}

export interface AccountImage {
    address: RawAddress;
    code: Cell;
    data: Cell;
    /** nanoTON */
    balance: bigint;
}

/** An active account as the emulator stores it. */
export function encodeAccount(image: AccountImage): EncodedAccount {
    const address = Address.parseRaw(image.address);
    const state = createShardAccount({ ...image, address, workchain: address.workChain });
    const cell = beginCell().store(storeShardAccount(state)).endCell();
    return { shardAccount: cell.toBoc({ idx: false }).toString('base64'), state };
}
