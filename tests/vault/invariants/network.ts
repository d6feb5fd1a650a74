import { type Address, type Cell, contractAddress, toNano } from '@ton/core';
import { cellHash, codeId, encodeTerms, type Terms, Vault, vaultBodies } from 'cocoon-wrappers';
import { GENESIS } from '../../helpers/blockchain';
import { DAY, defaultTerms } from '../../helpers/terms';
import { Chain, fromWallet, type Snapshot } from '../../invariants/chain';
import { nativeKey } from '../../invariants/keys';
import { wallet } from '../../invariants/network';

/** Who has to do with a vault. */
export interface Parties {
    client: Address;
    node: Address;
    payee: Address;
    treasury: Address;
    stranger: Address;
}

const parties: Parties = {
    client: wallet('client'),
    node: wallet('node'),
    payee: wallet('payee'),
    treasury: wallet('treasury'),
    stranger: wallet('stranger'),
};
const OPEN_BEFORE = GENESIS + DAY;
const DEPOSIT = toNano('100');

/** An opened vault without allocations, as every sequence finds it. */
export interface VaultNetwork {
    chain: Chain;
    base: Snapshot;
    terms: Terms;
    vault: Address;
    openBefore: number;
    parties: Parties;
    voucherKey: Buffer;
    /** Signatures of the voucher key and of one that is not it. */
    sign(hash: Buffer, forged: boolean): Buffer;
}

/** Those of a vault: its client's, and one that is not. */
export function voucherKeys(): Pick<VaultNetwork, 'voucherKey' | 'sign'> {
    const key = nativeKey('voucher key');
    return {
        voucherKey: key.publicKey,
        sign: (hash, forged) => (forged ? nativeKey('thief') : key).sign(hash),
    };
}

/** @param code instead of the Vault that is built */
export async function createVaultNetwork(code: Cell = Vault.code()): Promise<VaultNetwork> {
    const chain = await Chain.create();
    const terms = defaultTerms({ jobParams: { treasury: parties.treasury } });
    const termsCell = encodeTerms({ ...terms, kinds: { ...terms.kinds, vault: codeId(code) } });
    const { init } = Vault.fromIdentity({
        registry: wallet('registry'), // a vault only has it in its address
        termsHash: cellHash(termsCell),
        client: parties.client,
        nonce: 1n,
        openBefore: OPEN_BEFORE,
    });
    const stateInit = { code, data: init?.data as Cell };
    const vault = contractAddress(0, stateInit);
    const opening = fromWallet({
        from: parties.client,
        to: vault,
        value: DEPOSIT,
        body: vaultBodies.open({ terms: termsCell }),
        init: stateInit,
        note: { kind: 'nothing' },
    });
    const { transaction } = await chain.execute(opening);
    if (!transaction.computed || transaction.actionCode !== 0) throw new Error('The vault does not open.');
    return {
        chain,
        base: chain.snapshot(),
        terms,
        vault,
        openBefore: OPEN_BEFORE,
        parties,
        ...voucherKeys(),
    };
}
