import type { AddressInfo } from 'node:net';
import { listenError } from 'cocoon-daemon';
import type { FastifyInstance } from 'fastify';
import type { GatewayConfig } from '../config';
import { GatewayError } from '../errors';
import type { Service } from '../lifecycle';
import type { Logger } from '../observability';
import type { Running } from '../running';

export interface HttpServiceOptions {
    config: GatewayConfig['http'];
    logger: Logger;
    running: Running;
}

/** Listens; on stop it answers what runs and refuses the rest. Throws GatewayError `port_taken` or `port_refused`. */
export class HttpService implements Service {
    readonly name = 'http';
    readonly #app: FastifyInstance;
    readonly #options: HttpServiceOptions;

    constructor(app: FastifyInstance, options: HttpServiceOptions) {
        this.#app = app;
        this.#options = options;
    }

    /** As http://host:port; undefined before `start`. */
    get url(): string | undefined {
        const address = this.#app.server.address() as AddressInfo | null;
        if (address === null) return undefined;
        const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
        return `http://${host}:${address.port}`;
    }

    async start(): Promise<void> {
        const { config, logger } = this.#options;
        try {
            await this.#app.listen({ host: config.host, port: config.port });
        } catch (error) {
            const { host, port } = config;
            const remedy = 'choose another http.port, or stop what listens there';
            throw listenError(GatewayError, error, { host, port, remedy });
        }
        logger.info({ url: this.url }, 'the OpenAI API is served');
    }

    async stop(force: AbortSignal): Promise<void> {
        await this.#options.running.drain(force);
        await this.#app.close();
    }
}
