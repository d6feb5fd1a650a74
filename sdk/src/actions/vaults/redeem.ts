import type { Cell } from '@ton/core';
import { opcodes, vaultBodies } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { contractExitCodes, type InvalidArgumentError } from '../../errors';
import { messageFees, withMargin } from '../../fees';
import { type TraceNode, TransactionFailedError } from '../../trace';
import type { QueryOption } from '../options';
import type { TxParams } from '../tx-params';
import { sendTransactions, type WriteErrorType, type WriteResult } from '../write';
import { check, checkedVoucher } from './checks';
import type { VaultTarget, VoucherParameters } from './target';

export type RedeemParameters = VaultTarget & VoucherParameters & QueryOption;
export type RedeemReturnType = WriteResult;
export type RedeemErrorType = WriteErrorType | InvalidArgumentError;

export type RedeemManyParameters = {
    /** As many as the wallet sends at once: 255 for V5, 4 before. */
    readonly redemptions: readonly RedeemParameters[];
};
/** What became of each redemption, in their order. `error` says why its vault refused it. */
export type RedeemManyReturnType = WriteResult & {
    readonly outcomes: readonly (
        | { readonly redeemed: true; readonly error?: undefined }
        | { readonly redeemed: false; readonly error: TransactionFailedError }
    )[];
};
export type RedeemManyErrorType = RedeemErrorType;

/** Body of Redeem. Pure. Throws InvalidArgumentError. */
export function createRedeemBody({ queryId, ...voucher }: VoucherParameters & QueryOption): Cell {
    return vaultBodies.redeem({ queryId, ...checkedVoucher(voucher) });
}

/** Throws InvalidArgumentError. */
export async function getRedeemTxParams(
    client: CocoonClient,
    parameters: RedeemParameters,
): Promise<TxParams> {
    const body = createRedeemBody(parameters);
    const prices = await client.getPrices();
    return { to: parameters.vault, value: withMargin(messageFees.redeem(prices)), body };
}

/** Pays a node for a voucher; what is left of the value goes to the payee with it. From anyone. */
export async function redeem(client: CocoonClient, parameters: RedeemParameters): Promise<RedeemReturnType> {
    return sendTransactions(client, [await getRedeemTxParams(client, parameters)]);
}

/** Throws InvalidArgumentError. */
export function getRedeemManyTxParams(
    client: CocoonClient,
    { redemptions }: RedeemManyParameters,
): Promise<TxParams[]> {
    check(redemptions.length > 0, 'redemptions', 'at least one');
    return Promise.all(redemptions.map((redemption) => getRedeemTxParams(client, redemption)));
}

/** Redeems vouchers of many vaults with one transaction of the wallet. One that is refused does not stop the others. */
export async function redeemMany(
    client: CocoonClient,
    parameters: RedeemManyParameters,
): Promise<RedeemManyReturnType> {
    const messages = await getRedeemManyTxParams(client, parameters);
    const result = await sendTransactions(client, messages, (node) => node.opcode === opcodes.Redeem);
    return { ...result, outcomes: messages.map((message) => outcomeOf(result, message)) };
}

function outcomeOf({ traces }: WriteResult, message: TxParams): RedeemManyReturnType['outcomes'][number] {
    for (const trace of traces) {
        const failed = trace.failed.find((node) => isReceiptOf(node, message));
        if (failed) {
            return { redeemed: false, error: new TransactionFailedError(trace, failed, contractExitCodes) };
        }
    }
    return { redeemed: true };
}

function isReceiptOf(node: TraceNode, { to, body }: TxParams): boolean {
    return node.address.equals(to) && node.tx.inMessage?.body.equals(body) === true;
}
