import type { Address, Cell, Sender, StateInit } from '@ton/core';
import type * as Sdk from 'cocoon-sdk';
import { DeployError } from './errors';
import { jobSecrets } from './job-store';
import { decodeBody, type OutMessage } from './message';
import { askToSend, sendUnasked } from './send';
import type { Session } from './session';
import { formatTon, parseDuration } from './units';

/** The SDK's client over Blueprint's endpoint and wallet; every message is shown and confirmed before it is sent. */
export async function connectSdk(session: Session, registry: Address): Promise<Sdk.Cocoon> {
    const { createCocoon, jsonJobStore } = await loadSdk();
    return createCocoon({
        network: { endpoints: [endpointOf(session)], networkId: session.network.networkId },
        registry,
        sender: askingSender(session),
        jobStore: jsonJobStore(jobSecrets(session.network), ''),
        intervalMs: 1_000,
    });
}

/** The SDK's client for reading only; it needs no wallet. */
export async function readSdk(session: Session, registry: Address): Promise<Sdk.Cocoon> {
    const { createCocoon } = await loadSdk();
    return createCocoon({
        network: { endpoints: [endpointOf(session)], networkId: session.network.networkId },
        registry,
    });
}

/** Errors of the SDK with their remedy, as scripts report them. */
export async function withSdkErrors<T>(work: Promise<T>): Promise<T> {
    try {
        return await work;
    } catch (error) {
        const { shortMessage, remedy } = error as { shortMessage?: string; remedy?: string };
        if (shortMessage === undefined || remedy === undefined) throw error;
        throw new DeployError(shortMessage, remedy, { cause: error });
    }
}

async function loadSdk(): Promise<typeof Sdk> {
    try {
        return await import('cocoon-sdk');
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
        throw new DeployError(
            'The SDK is not built, and sealing the input takes it.',
            'Run npm run build, then this again.',
            {
                cause: error,
            },
        );
    }
}

function endpointOf({ provider }: Session): { url: string; apiKey?: string } {
    const { parameters } = provider.api() as { parameters?: { endpoint: string; apiKey?: string } };
    if (parameters) return { url: parameters.endpoint, apiKey: parameters.apiKey };
    throw new DeployError(
        'This API is not one that the SDK can read.',
        'Use --custom-version v2, or --testnet.',
    );
}

/** The SDK gives every message a body of the protocol. */
function describeSdkMessage(message: Omit<OutMessage, 'purpose'>): OutMessage {
    return { purpose: `Send ${decodeBody(message.body).name}`, ...message };
}

function askingSender(session: Session): Sender {
    const { provider, sender } = session;
    if (!sender) {
        throw new DeployError(
            'A deep link does not tell the wallet, whose address is part of the job.',
            'Use --mnemonic or --tonconnect.',
        );
    }
    return {
        address: sender,
        async send({ to, value, body, init }) {
            const message = describeSdkMessage({ to, value, body: body as Cell, init: init as StateInit });
            if (!(await askToSend(session, message))) throw new Error('A dry run must not send.');
            await sendUnasked(provider, message);
        },
    };
}

/** Gives the key to the claimer, waits for the answers, pays, and prints them; gives up after `--timeout`. */
export async function finishJob(session: Session, cocoon: Sdk.Cocoon, job: Address): Promise<void> {
    const { args, write } = session;
    const seconds = parseDuration(args.value('timeout') ?? '1d');
    if (seconds === undefined) throw new DeployError('--timeout is no duration.', 'Give one such as 30m.');
    const signal = AbortSignal.timeout(seconds * 1_000);
    const onProgress = (step: Sdk.RunJobStep) => write(`… ${step}`);
    const { answers, price, nodeIndex } = await withSdkErrors(
        cocoon.jobs.finishJob({ job, onProgress, signal }),
    );
    write(`✓ Node ${nodeIndex} was paid ${formatTon(price)}.`);
    for (const { text, error } of answers) write(error === undefined ? text : `✗ ${error}`);
}
