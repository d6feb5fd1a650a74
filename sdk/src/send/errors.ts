import type { Address } from '@ton/core';
import { CocoonError, type CocoonErrorOptions } from '../errors';

/** The wallet holds too little. Amounts in nanoTON. */
export class WalletUnfundedError extends CocoonError {
    constructor(wallet: Address, balance: bigint, needed: bigint) {
        super('wallet_unfunded', `The wallet holds ${balance} nanoTON, the messages need ${needed}.`, {
            details: { wallet: wallet.toString({ bounceable: false }), balance, needed },
        });
        this.name = 'WalletUnfundedError';
    }
}

/** The wallet cannot execute messages. */
export class WalletNotDeployedError extends CocoonError {
    constructor(wallet: Address, state: string) {
        super(
            'wallet_not_deployed',
            `The wallet's account is ${state} and cannot be deployed by this message.`,
            {
                details: { wallet: wallet.toString({ bounceable: false }), state },
            },
        );
        this.name = 'WalletNotDeployedError';
    }
}

/** The secret key is not the wallet's. */
export class WalletKeyMismatchError extends CocoonError {
    constructor(wallet: Address) {
        super('wallet_key_mismatch', 'The secret key does not belong to the wallet.', {
            details: { wallet: wallet.toString({ bounceable: false }) },
        });
        this.name = 'WalletKeyMismatchError';
    }
}

/** The message was signed, but will never execute. `sendMessages` may be called again. */
export class MessageNotExecutedError extends CocoonError {
    constructor(
        code: 'wallet_message_expired' | 'wallet_seqno_taken',
        wallet: Address,
        seqno: number,
        options?: CocoonErrorOptions,
    ) {
        const why = code === 'wallet_message_expired' ? 'it expired' : 'another message used its seqno';
        super(code, `The message with seqno ${seqno} was not executed: ${why}.`, {
            ...options,
            details: { wallet: wallet.toString({ bounceable: false }), seqno },
        });
        this.name = 'MessageNotExecutedError';
    }
}

/** It is not known whether the signed message executes. The sender refuses to sign another one until it is. */
export class WalletOutcomeUnknownError extends CocoonError {
    constructor(wallet: Address, seqno: number, options?: CocoonErrorOptions) {
        super('wallet_outcome_unknown', `The outcome of the message with seqno ${seqno} is not known.`, {
            ...options,
            details: { wallet: wallet.toString({ bounceable: false }), seqno },
        });
        this.name = 'WalletOutcomeUnknownError';
    }
}
