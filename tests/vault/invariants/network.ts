import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { type Address, type Cell, contractAddress, toNano } from '@ton/core';
import { cellHash, codeId, encodeTerms, type Terms, Vault, vaultBodies } from 'cocoon-wrappers';
import { GENESIS } from '../../helpers/blockchain';
import { DAY, defaultTerms } from '../../helpers/terms';
import { keyOf } from '../../helpers/vault';
import { Chain, fromWallet, type Snapshot } from '../../invariants/chain';
import { wallet } from '../../invariants/network';

export const client = wallet('client');
export const node = wallet('node');
export const payee = wallet('payee');
export const treasury = wallet('treasury');
export const stranger = wallet('stranger');
export const OPEN_BEFORE = GENESIS + DAY;
const DEPOSIT = toNano('100');

/** An opened vault without allocations, as every sequence finds it. */
export interface VaultNetwork {
    chain: Chain;
    base: Snapshot;
    terms: Terms;
    vault: Address;
    voucherKey: Buffer;
    /** Signatures of the voucher key and of one that is not it. */
    sign(hash: Buffer, forged: boolean): Buffer;
}

/** @param code instead of the Vault that is built */
export async function createVaultNetwork(code: Cell = Vault.code()): Promise<VaultNetwork> {
    const chain = await Chain.create();
    const terms = defaultTerms({ jobParams: { treasury } });
    const termsCell = encodeTerms({ ...terms, kinds: { ...terms.kinds, vault: codeId(code) } });
    const { init } = Vault.fromIdentity({
        registry: wallet('registry'), // a vault only has it in its address
        termsHash: cellHash(termsCell),
        client,
        nonce: 1n,
        openBefore: OPEN_BEFORE,
    });
    const stateInit = { code, data: init?.data as Cell };
    const vault = contractAddress(0, stateInit);
    const opening = fromWallet({
        from: client,
        to: vault,
        value: DEPOSIT,
        body: vaultBodies.open({ terms: termsCell }),
        init: stateInit,
        note: { kind: 'nothing' },
    });
    const { transaction } = await chain.execute(opening);
    if (!transaction.computed || transaction.actionCode !== 0) throw new Error('The vault does not open.');
    const genuineKey = nativeKey('voucher key');
    const forgedKey = nativeKey('thief');
    return {
        chain,
        base: chain.snapshot(),
        terms,
        vault,
        voucherKey: keyOf('voucher key').publicKey,
        sign: (hash, forged) => sign(null, hash, forged ? forgedKey : genuineKey),
    };
}

/** Signing in JavaScript would take longer than the transactions. */
function nativeKey(name: string): KeyObject {
    const seed = keyOf(name).secretKey.subarray(0, 32);
    const header = Buffer.from('302e020100300506032b657004220420', 'hex');
    return createPrivateKey({ key: Buffer.concat([header, seed]), format: 'der', type: 'pkcs8' });
}
