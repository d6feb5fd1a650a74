import type { NetworkProvider } from '@ton/blueprint';
import { type Address, SendMode, storeStateInit, type Transaction } from '@ton/core';
import { cellOf } from 'cocoon-wrappers';
import { DeployError } from './errors';
import { forwardFee, measure, readPrices } from './fees';
import { describeForWallet, describeMessage, type OutMessage } from './message';
import { describeCost, lastLt, requireSuccess, waitForTransaction } from './outcome';
import type { Session } from './session';
import { formatTon } from './units';

/** Longer than the minute for which a wallet's signature is valid. */
const WAIT_MS = 100_000;
/** A deep link only shows the message: a person has to open it in a wallet. */
const WAIT_FOR_PERSON_MS = 330_000;
/** Gas of the wallet itself, generously. */
const WALLET_GAS = 10_000_000n;

/**
 * Shows the message, asks, sends it and waits for what its destination made of it. Undefined after a dry run.
 * @throws DeployError when it is not confirmed, the wallet cannot pay, it does not arrive, or it is refused
 */
export async function confirmAndSend(
    session: Session,
    message: OutMessage,
): Promise<Transaction | undefined> {
    const { provider, write } = session;
    if (!(await askToSend(session, message))) return undefined;
    const since = await lastLt(provider, message.to);
    await sendUnasked(provider, message);
    const timeout = session.sender ? WAIT_MS : WAIT_FOR_PERSON_MS;
    const transaction = await waitForTransaction(provider, message.to, message.body, since, timeout);
    requireSuccess(transaction, message.purpose);
    write(`✓ ${message.purpose} (${describeCost(transaction)})`);
    return transaction;
}

/**
 * Shows the message and asks. False in a dry run.
 * @throws DeployError when the wallet cannot pay, or the answer is no
 */
export async function askToSend(session: Session, message: OutMessage): Promise<boolean> {
    const { args, write } = session;
    write(describeMessage(message));
    if (args.flag('dry-run')) {
        write(describeForWallet(message));
        write('Dry run: nothing was sent.');
        return false;
    }
    await requireFunds(session, message);
    await confirm(session);
    return true;
}

/** Hands a message that was confirmed to the wallet. */
export async function sendUnasked(provider: NetworkProvider, message: OutMessage): Promise<void> {
    const { to, value, body, init } = message;
    await provider.sender().send({ to, value, body, init, sendMode: SendMode.PAY_GAS_SEPARATELY });
}

/** On mainnet the network's name must be typed, whatever the arguments say. */
async function confirm({ provider, args, network, chain, write }: Session): Promise<void> {
    const ui = provider.ui();
    if (chain === 'mainnet') {
        if (args.flag('yes')) write('--yes does not count on mainnet.');
        const answer = await ui.input(`This is MAINNET. Type ${network.name} to send`);
        if (answer.trim() === network.name) return;
    } else if (args.flag('yes') || (await ui.prompt(`Send it to ${network.name}?`))) {
        return;
    }
    throw new DeployError('Not confirmed: nothing was sent.', 'Run the script again when it shall be sent.');
}

async function requireFunds({ provider, sender }: Session, message: OutMessage): Promise<void> {
    if (!sender) return;
    const { balance } = await provider.getContractState(sender);
    const needed = message.value + (await walletFees(provider, message));
    if (balance >= needed) return;
    throw new DeployError(
        `The wallet ${walletName(sender)} holds ${formatTon(balance)}; this takes ${formatTon(needed)}.`,
        'Send TON to the wallet, or choose another one (WALLET_MNEMONIC and WALLET_VERSION in .env).',
    );
}

/** Forwarding of the message twice (the wallet's own comes in and its message goes out), and the wallet's gas. */
export async function walletFees(provider: NetworkProvider, message: OutMessage): Promise<bigint> {
    const init = message.init ? [cellOf(storeStateInit(message.init))] : [];
    return 2n * forwardFee(await readPrices(provider), measure(message.body, ...init)) + WALLET_GAS;
}

function walletName(address: Address): string {
    return address.toString({ bounceable: false });
}
