import { Address, toNano } from '@ton/core';
import { Command, InvalidArgumentError, Option } from 'commander';

export interface FundRequest {
    address: string;
    /** nanoTON */
    amount: bigint;
}

export interface CliOptions {
    port: number;
    host: string;
    blockMs: number;
    persist?: string;
    seed: number;
    shuffle: boolean;
    hop: [number, number];
    dropExternal: number;
    fund: FundRequest[];
    wallets: number;
    json: boolean;
}

/** Parses the command line; on a mistake it prints one message and exits with 1. */
export function parseArguments(argv: readonly string[]): CliOptions {
    const program = new Command('cocoon-devnet')
        .description('A local TON network: the emulator behind the toncenter v2 HTTP API.')
        .addOption(new Option('--port <port>', 'port, 0 for any free one').default(8081).argParser(port))
        .option('--host <host>', 'address to listen on', '127.0.0.1')
        .option(
            '--block-ms <ms>',
            'milliseconds between blocks, 0 for at once and only when there is work',
            count,
            500,
        )
        .option('--persist <file>', 'keep the network in this file and go on from it')
        .option('--seed <n>', 'makes order, delays, losses and wallets reproducible', integer, 1)
        .option('--shuffle', 'deliver messages in a random order (that the seed reproduces)', false)
        .addOption(
            new Option('--hop <min,max>', 'blocks from sending to delivery').default([0, 0]).argParser(hop),
        )
        .option('--drop-external <p>', 'probability that an accepted external message is lost', Number, 0)
        .option('--fund <address=TON>', 'fund an address at the start (repeatable)', fund, [])
        .option('--wallets <n>', 'development wallets to fund and print', count, 3)
        .option('--json', 'print one JSON object instead of text', false);
    return program.parse(argv).opts<CliOptions>();
}

function integer(text: string): number {
    if (!/^-?\d{1,15}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
    return Number(text);
}

function count(text: string): number {
    const value = integer(text);
    if (value < 0) throw new InvalidArgumentError('Give a whole number, 0 or more.');
    return value;
}

function port(text: string): number {
    const value = count(text);
    if (value > 65_535) throw new InvalidArgumentError('Give a port from 0 to 65535.');
    return value;
}

function hop(text: string): [number, number] {
    const [min, max, ...rest] = text.split(',').map(count);
    if (min === undefined || rest.length > 0) {
        throw new InvalidArgumentError('Give two numbers of blocks, such as 1,3.');
    }
    return [min, max ?? min];
}

function fund(text: string, previous: FundRequest[]): FundRequest[] {
    const [address = '', amount = ''] = text.split(/=(?=[^=]*$)/);
    try {
        return [...previous, { address: Address.parse(address).toString(), amount: toNano(amount) }];
    } catch {
        throw new InvalidArgumentError('Give an address and an amount in TON, such as EQ…=100.');
    }
}
