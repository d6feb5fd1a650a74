import { type Address, type Cell, internal, type MessageRelaxed, SendMode, type StateInit } from '@ton/core';
import { InvalidArgumentError } from '../errors';
import { equalBytes, toBuffer } from '../utils';
import { WalletKeyMismatchError } from './errors';
import type { OutgoingMessage } from './message-sender';

/** A wallet contract as @ton/ton has them: V3, V4, V5R1. */
export interface WalletContract {
    readonly address: Address;
    readonly publicKey: Uint8Array;
    readonly init?: StateInit;
    createTransfer(args: {
        seqno: number;
        secretKey: Buffer;
        messages: MessageRelaxed[];
        sendMode: SendMode;
        timeout: number;
    }): Cell | Promise<Cell>;
}

/** A wallet and its Ed25519 secret key: 64 bytes, seed ‖ public key, as @ton/crypto makes it. */
export type Wallet = {
    readonly contract: WalletContract;
    readonly secretKey: Uint8Array;
};

/** Most messages in one external message: 255 for V5, which has extensions, 4 before. */
export function maxMessages(contract: WalletContract): number {
    return 'getExtensions' in contract ? 255 : 4;
}

/** Throws InvalidArgumentError or WalletKeyMismatchError. */
export function checkWallet({ contract, secretKey }: Wallet): void {
    if (secretKey.length !== 64) {
        throw new InvalidArgumentError(`A wallet's secret key has 64 bytes, not ${secretKey.length}.`);
    }
    if (!equalBytes(secretKey.subarray(32), contract.publicKey)) {
        throw new WalletKeyMismatchError(contract.address);
    }
}

/** The one send mode of all messages: wallets take no other. */
function commonSendMode(messages: readonly OutgoingMessage[]): SendMode {
    const modes = new Set(messages.map((message) => message.sendMode ?? SendMode.PAY_GAS_SEPARATELY));
    const [mode] = modes;
    if (modes.size !== 1 || mode === undefined) {
        throw new InvalidArgumentError('All messages of one call need the same send mode.');
    }
    // V5 insists on it; in V4 it keeps one bad message from blocking the others.
    return mode | SendMode.IGNORE_ERRORS;
}

/** Signs a transfer and returns the body of the external message. */
export async function signTransfer(
    wallet: Wallet,
    messages: readonly OutgoingMessage[],
    seqno: number,
    validUntil: number,
): Promise<Cell> {
    return wallet.contract.createTransfer({
        seqno,
        secretKey: toBuffer(wallet.secretKey),
        messages: messages.map((message) =>
            internal({
                to: message.to,
                value: message.value,
                extracurrency: message.extracurrency ?? undefined,
                bounce: message.bounce ?? true,
                init: message.init,
                body: message.body,
            }),
        ),
        sendMode: commonSendMode(messages),
        timeout: validUntil,
    });
}
