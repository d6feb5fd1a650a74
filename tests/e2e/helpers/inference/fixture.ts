import OpenAI from 'openai';
import type { Gateway } from './gateways';
import { World, type WorldNode } from './world';

/** One node, one gateway and a key: what the clients under test share. */
export class GatewayFixture {
    private constructor(
        readonly world: World,
        readonly node: WorldNode,
        readonly gateway: Gateway,
        readonly apiKey: string,
        /** Has 10,000 nanoTON. */
        readonly poorKey: string,
    ) {}

    static async start(): Promise<GatewayFixture> {
        const world = await World.start();
        try {
            const node = await world.addNode();
            const gateway = await world.addGateway('gateway');
            await node.worker.start();
            const apiKey = await gateway.createKey('tests');
            const poorKey = await gateway.createKey('poor', '--budget', '10000');
            await gateway.start();
            return new GatewayFixture(world, node, gateway, apiKey, poorKey);
        } catch (error) {
            await world.close();
            throw error;
        }
    }

    /** The official client as its documentation says. */
    openai(apiKey = this.apiKey, options: { timeout?: number; maxRetries?: number } = {}): OpenAI {
        return new OpenAI({ baseURL: this.gateway.baseUrl, apiKey, maxRetries: 0, ...options });
    }

    /** Of the gateway; waits for what is still on its way into the ledger. */
    async metrics(): Promise<string> {
        return (await fetch(`${this.gateway.origin}/metrics`)).text();
    }

    close(): Promise<void> {
        return this.world.close();
    }
}
