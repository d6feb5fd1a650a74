import { type Address, beginCell, type Cell } from '@ton/core';
import { type KeyPair, keyPairFromSeed, sign } from '@ton/crypto';
import type { SendMessageResult } from '@ton/sandbox';
import {
    cellHash,
    cellOf,
    Dispute,
    encodeSessionEvidence,
    encodeSessionSubject,
    nodeBodies,
    type SignedReceipt,
    subjectHash,
    Vault,
} from 'cocoon-wrappers';
import * as binding from '../../build/Node/Node_Node';
import { now } from './blockchain';
import { MODEL_ID } from './protocol';
import { type Operator, operatorOf, type Scene } from './scene';
import { expectAllDone, forge, send, type Wallet } from './trace';

const accountOf = (address: Address) => BigInt(`0x${address.hash.toString('hex')}`);

export const keyFrom = (seed: number): KeyPair => keyPairFromSeed(Buffer.alloc(32, seed));

/** Gives a node an operator key that tests can sign with. */
export async function giveKey(by: Operator, key: KeyPair): Promise<void> {
    const body = nodeBodies.rotateKeys({
        operator: by.operator.address,
        operatorKey: BigInt(`0x${key.publicKey.toString('hex')}`),
        encryptionKey: by.encryptionKey,
    });
    expectAllDone(await send(by.owner, by.node.address, body));
}

export interface ReceiptOptions {
    accuser?: Wallet;
    key?: KeyPair;
    networkId?: number;
    sequence?: bigint;
    chunk?: number;
    price?: bigint;
    issuedAt?: number;
    requestHash?: bigint;
    responseHash?: bigint;
    vaultNonce?: bigint;
    /** In the receipt, if not the accuser's. */
    vault?: Address;
    node?: Address;
    tag?: bigint;
}

export const PRICE = 20_000_000n;
const SLOT = 3;
const GENERATION = 2n;

function vaultOf(scene: Scene, options: ReceiptOptions): { vault: Address; openBefore: number } {
    const openBefore = 1_900_000_000;
    const client = (options.accuser ?? scene.client).address;
    const { registry, termsHash } = scene.protocol;
    const nonce = options.vaultNonce ?? 1n;
    const vault = Vault.fromIdentity({ registry: registry.address, termsHash, client, nonce, openBefore });
    return { vault: vault.address, openBefore };
}

export function receipt(scene: Scene, options: ReceiptOptions = {}): SignedReceipt {
    const content = binding.storeReceiptContent({
        $$type: 'ReceiptContent',
        requestHash: options.requestHash ?? 11n,
        responseHash: options.responseHash ?? 12n,
        promptTokens: 1n,
        cachedTokens: 0n,
        completionTokens: 2n,
        price: options.price ?? PRICE,
        seed: 0n,
        issuedAt: BigInt(options.issuedAt ?? now(scene.blockchain)),
    });
    const cell = cellOf(
        binding.storeReceiptHead({
            $$type: 'ReceiptHead',
            tag: options.tag ?? binding.RECEIPT_TAG,
            networkId: BigInt(options.networkId ?? scene.protocol.terms.networkId),
            node: accountOf(options.node ?? operatorOf(scene).node.address),
            vault: accountOf(options.vault ?? vaultOf(scene, options).vault),
            slot: BigInt(SLOT),
            generation: GENERATION,
            sequence: options.sequence ?? 9n,
            chunk: BigInt(options.chunk ?? 1),
            modelId: MODEL_ID,
            content: cellOf(content),
        }),
    );
    return { receipt: cell, signature: sign(cell.hash(), (options.key ?? keyFrom(1)).secretKey) };
}

export interface Accusation {
    dispute: Address;
    body: Cell;
    openBefore: number;
}

/** The Accuse of the one Dispute about a receipt; with `conflicting` two receipts. */
export function accusation(
    scene: Scene,
    options: ReceiptOptions & { conflicting?: SignedReceipt } = {},
): Accusation {
    const { registry, termsHash, terms } = scene.protocol;
    const accuser = (options.accuser ?? scene.client).address;
    const { vault, openBefore: vaultOpenBefore } = vaultOf(scene, options);
    const subject = encodeSessionSubject({
        accuser,
        node: operatorOf(scene).node.address,
        vault,
        slot: SLOT,
        generation: GENERATION,
        sequence: options.sequence ?? 9n,
    });
    const issuedAt = options.issuedAt ?? now(scene.blockchain);
    const openBefore = issuedAt + terms.stakeParams.evidenceWindow;
    const dispute = Dispute.fromIdentity({
        registry: registry.address,
        termsHash,
        subject: subjectHash(subject),
        openBefore,
    }).address;
    const evidence = encodeSessionEvidence({
        vaultNonce: options.vaultNonce ?? 1n,
        vaultOpenBefore,
        ...receipt(scene, options),
        conflicting: options.conflicting,
    });
    const body = cellOf(
        binding.storeAccuse({
            $$type: 'Accuse',
            queryId: 5n,
            accuser: accountOf(accuser),
            termsHash,
            openBefore: BigInt(openBefore),
            subject,
            evidence,
        }),
    );
    return { dispute, body, openBefore };
}

/** Sends it as the Dispute would. */
export function accuse(
    scene: Scene,
    { dispute, body }: Accusation,
    value?: bigint,
): Promise<SendMessageResult> {
    return forge(scene, dispute, operatorOf(scene).node.address, body, { value });
}

export function settleAccusation(convicted: boolean, costs = 0n): Cell {
    return cellOf(
        binding.storeSettleAccusation({ $$type: 'SettleAccusation', queryId: 6n, convicted, costs }),
    );
}

export function settleSeat(fee: bigint, slash: bigint, beneficiary: Address): Cell {
    return cellOf(
        binding.storeSettleSeat({
            $$type: 'SettleSeat',
            queryId: 6n,
            fee,
            slash,
            beneficiary: accountOf(beneficiary),
        }),
    );
}

/** The Dispute about some job, which a node can derive from its hash alone. */
export function someDispute(scene: Scene, subject: bigint, openBefore: number): Address {
    const { registry, termsHash } = scene.protocol;
    return Dispute.fromIdentity({ registry: registry.address, termsHash, subject, openBefore }).address;
}

export const someSubject = (n: number): bigint => cellHash(beginCell().storeUint(n, 32).endCell());
