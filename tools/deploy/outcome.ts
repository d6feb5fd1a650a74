import type { NetworkProvider } from '@ton/blueprint';
import type { Address, Cell, Transaction } from '@ton/core';
import { DeployError } from './errors';
import { describeExitCode } from './exit-codes';
import { formatTon } from './units';

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 2_000;
const PAGE = 20;

/**
 * Waits for the transaction that a message caused at its destination. Bodies carry a random query id, so that the body
 * identifies the message whatever wallet sent it.
 * @param since logical time of the account's last transaction before sending
 */
export async function waitForTransaction(
    provider: NetworkProvider,
    to: Address,
    body: Cell,
    since: bigint,
    timeoutMs: number,
): Promise<Transaction> {
    let waited = 0;
    for (let delay = FIRST_DELAY_MS; ; delay = nextDelay(delay)) {
        const found = await findTransaction(provider, to, body, since);
        if (found) return found;
        if (waited >= timeoutMs) {
            throw new DeployError(
                `The message did not arrive at ${to} within ${timeoutMs / 1_000} s.`,
                "Look at the wallet's transactions: did it sign, and does it hold enough? Then run the script again; " +
                    'it looks at the chain first.',
            );
        }
        await sleep(delay);
        waited += delay;
    }
}

/** Waits for a contract that a later message of the trace deploys. */
export async function waitForActive(
    provider: NetworkProvider,
    address: Address,
    timeoutMs = 60_000,
): Promise<void> {
    let waited = 0;
    for (
        let delay = FIRST_DELAY_MS;
        !(await provider.isContractDeployed(address));
        delay = nextDelay(delay)
    ) {
        if (waited >= timeoutMs) {
            throw new DeployError(
                `${address} was not deployed within ${timeoutMs / 1_000} s.`,
                'Look at its transactions in an explorer; on a busy network it may still come.',
            );
        }
        await sleep(delay);
        waited += delay;
    }
}

function nextDelay(delay: number): number {
    return Math.min(delay * 2, LONGEST_DELAY_MS);
}

function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Logical time of the account's last transaction; 0 when there is none. */
export async function lastLt(provider: NetworkProvider, address: Address): Promise<bigint> {
    return (await provider.getContractState(address)).last?.lt ?? 0n;
}

async function findTransaction(provider: NetworkProvider, to: Address, body: Cell, since: bigint) {
    const { last } = await provider.getContractState(to);
    if (!last || last.lt <= since) return undefined;
    const transactions = await provider.provider(to).getTransactions(to, last.lt, last.hash, PAGE);
    return transactions.find(({ lt, inMessage }) => lt > since && inMessage?.body.equals(body));
}

/** @throws DeployError with the named exit code when the message was refused */
export function requireSuccess(transaction: Transaction, purpose: string): void {
    const { description } = transaction;
    if (description.type !== 'generic') return;
    const { computePhase, actionPhase } = description;
    if (computePhase.type === 'skipped') {
        throw new DeployError(
            `${purpose}: the contract did not run (${computePhase.reason}).`,
            'It is not deployed or has no money. Check the address with showNetwork.',
        );
    }
    const code = computePhase.success ? (actionPhase?.resultCode ?? 0) : computePhase.exitCode;
    if (code === 0 && !description.aborted) return;
    const { what, remedy } = describeExitCode(code);
    throw new DeployError(`${purpose}: refused with ${what}. The value returned, less gas.`, remedy);
}

/** What the transaction cost, for the report after it. */
export function describeCost(transaction: Transaction): string {
    const gas =
        transaction.description.type === 'generic' && transaction.description.computePhase.type === 'vm'
            ? transaction.description.computePhase.gasUsed
            : 0n;
    return `${gas} gas, fees of the contract's transaction ${formatTon(transaction.totalFees.coins)}`;
}
