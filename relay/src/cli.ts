import { createServer } from 'node:http';
import { Command, InvalidArgumentError } from 'commander';
import { pino } from 'pino';
import { Relay } from './relay';

function whole(text: string): number {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('expected a whole number');
    return value;
}

const { port, bind, host, metricsPort, trustProxy, memory, streams, idle, perAddress } = new Command(
    'cocoon-relay',
)
    .description('Lets Cocoon nodes without an open port be reached; sees sealed bytes only')
    .option('-p, --port <port>', 'port for clients and nodes', whole, 8_090)
    .option('--bind <address>', 'address to listen on', '127.0.0.1')
    .option(
        '--host <name...>',
        'name that nodes reach this relay under, with the port where it is not 443; several are allowed ' +
            '[localhost and 127.0.0.1 with the port]',
    )
    .option('--metrics-port <port>', 'serve /metrics on 127.0.0.1', whole)
    .option(
        '--trust-proxy',
        'count clients by the last X-Forwarded-For; only behind a proxy that sets it',
        false,
    )
    .option('--memory <MiB>', 'most memory of calls under way', whole, 512)
    .option('--streams <count>', 'calls at a time to one node', whole, 256)
    .option('--per-address <count>', 'calls and nodes at a time from one address', whole, 1_024)
    .option('--idle <seconds>', 'end a call on which nothing moved for so long', whole, 300)
    .parse()
    .opts<{
        port: number;
        bind: string;
        host?: string[];
        metricsPort?: number;
        trustProxy: boolean;
        memory: number;
        streams: number;
        idle: number;
        perAddress: number;
    }>();

const logger = pino({ base: undefined });
const relay = new Relay({
    hosts: host ?? [`localhost:${port}`, `127.0.0.1:${port}`],
    trustProxy,
    logger,
    limits: {
        memoryBytes: memory * 1024 * 1024,
        streamsPerNode: streams,
        perAddress,
        idleMs: idle * 1_000,
    },
});
const metrics = createServer(async (request, response) => {
    relay.status();
    const found = request.url === '/metrics';
    response.writeHead(found ? 200 : 404, { 'content-type': relay.metrics.registry.contentType });
    response.end(found ? await relay.metrics.registry.metrics() : '');
});

async function stop(): Promise<void> {
    logger.info('stopping');
    metrics.close();
    await relay.close();
}

process.once('SIGINT', stop);
process.once('SIGTERM', stop);
relay
    .listen(port, bind)
    .then((listening) => {
        if (metricsPort !== undefined) metrics.listen(metricsPort, '127.0.0.1');
        logger.info({ port: listening, bind }, 'the relay serves');
    })
    .catch((error: Error) => {
        logger.error({ reason: error.message }, 'cannot listen: choose another --port or --bind');
        process.exitCode = 1;
    });
