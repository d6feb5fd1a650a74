import type { BlockchainTransaction, SendMessageResult } from '@ton/sandbox';

/** What an operation costs over its whole trace; the sender's wallet is left out. */
export interface Cost {
    gas: number;
    tx: number;
    /** nanoTON: gas and the forward fees of all messages, the first included; storage is not an operation's cost. */
    feeNano: number;
}

/** @param result of one message that a wallet sent */
export function costOf({ transactions }: SendMessageResult): Cost {
    const [wallet, ...trace] = transactions;
    if (!wallet) throw new Error('A trace without transactions has no cost.');
    const fee = trace.reduce((sum, tx) => sum + gasFeeOf(tx) + forwardFeeOf(tx), forwardFeeOf(wallet));
    return { gas: trace.reduce((sum, tx) => sum + gasOf(tx), 0), tx: trace.length, feeNano: Number(fee) };
}

export function sumOf(costs: readonly Cost[]): Cost {
    return costs.reduce(
        (sum, { gas, tx, feeNano }) => ({
            gas: sum.gas + gas,
            tx: sum.tx + tx,
            feeNano: sum.feeNano + feeNano,
        }),
        { gas: 0, tx: 0, feeNano: 0 },
    );
}

function gasOf({ description }: BlockchainTransaction): number {
    if (description.type !== 'generic' || description.computePhase.type !== 'vm') return 0;
    return Number(description.computePhase.gasUsed);
}

function gasFeeOf({ description }: BlockchainTransaction): bigint {
    if (description.type !== 'generic' || description.computePhase.type !== 'vm') return 0n;
    return description.computePhase.gasFees;
}

function forwardFeeOf({ description }: BlockchainTransaction): bigint {
    if (description.type !== 'generic') return 0n;
    const bounce = description.bouncePhase;
    const bounced = bounce?.type === 'ok' ? bounce.forwardFees + bounce.messageFees : 0n;
    return (description.actionPhase?.totalFwdFees ?? 0n) + bounced;
}
