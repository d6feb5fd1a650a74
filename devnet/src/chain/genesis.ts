import { Address, beginCell, Cell, storeShardAccount } from '@ton/core';
import { createShardAccount } from '@ton/sandbox';
import type { Chain } from './chain';
import type { RawAddress } from './types';

/** The account that holds the network configuration; tools read it from there. */
const CONFIG_ADDRESS: RawAddress = `-1:${'5'.repeat(64)}`;

/** Sets up the configuration account and makes the first block. */
export async function createGenesis(chain: Chain): Promise<void> {
    const data = beginCell().storeRef(chain.emulator.config).endCell();
    await chain.exclusive(() =>
        chain.setAccount(
            CONFIG_ADDRESS,
            encodeAccount({ address: CONFIG_ADDRESS, code: Cell.EMPTY, data, balance: 0n }),
        ),
    );
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
export function encodeAccount(image: AccountImage): string {
    const address = Address.parseRaw(image.address);
    const account = createShardAccount({ ...image, address, workchain: address.workChain });
    return beginCell().store(storeShardAccount(account)).endCell().toBoc({ idx: false }).toString('base64');
}
