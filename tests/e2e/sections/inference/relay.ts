import { join } from 'node:path';
import { freePort } from '../../../../demo/free-port';
import { until } from '../../../helpers/until';
import { bundle } from '../../helpers/inference/bundle';
import type { GatewayFixture } from '../../helpers/inference/fixture';
import type { Gateway } from '../../helpers/inference/gateways';
import { operatorKeyOf } from '../../helpers/inference/keys';
import { Program } from '../../helpers/inference/program';
import { SCRIPTED, type WorldNode } from '../../helpers/inference/world';

/** A node that listens nowhere: it keeps a connection to the relay, and clients reach it there. */
export function relayTests(fixture: () => GatewayFixture): void {
    let relay: Program;
    let node: WorldNode;
    let gateway: Gateway;
    let apiKey: string;

    const ask = (content: string) =>
        fixture()
            .openai(apiKey)
            .withOptions({ baseURL: gateway.baseUrl })
            .chat.completions.create({ model: SCRIPTED.name, messages: [{ role: 'user', content }] });

    beforeAll(async () => {
        const { world } = fixture();
        const [port, metricsPort] = [await freePort(), await freePort()];
        relay = new Program({
            script: await bundle('relay', 'src/cli.ts'),
            args: ['--port', String(port), '--metrics-port', String(metricsPort)],
            cwd: world.folder,
            logFile: join(world.folder, 'relay.log'),
            readyUrl: `http://127.0.0.1:${metricsPort}/metrics`,
        });
        world.programs.push(relay);
        await relay.start();
        const number = world.nodes.length;
        node = await world.addNode({
            endpoint: `http://127.0.0.1:${port}/n/${operatorKeyOf(number)}`,
            sessions: { listen: undefined, relay: `ws://127.0.0.1:${port}` },
        });
        await node.worker.start();
        gateway = await world.addGateway('gateway-relay', {
            wallet: 2,
            changes: { routing: { nodes: [node.address.toRawString()] } },
        });
        apiKey = await gateway.createKey('relay');
        await gateway.start();
    });

    it('answers', async () => {
        const { choices } = await ask('say hello through the relay');
        expect(choices[0]!.message.content).toBe('hello through the relay');
    });

    it('answers again after the relay was killed and came back', async () => {
        await relay.stop('SIGKILL');
        const error = await ask('say nobody hears this').catch((reason) => reason);
        expect([502, 503, 504]).toContain(error.status);
        await relay.start();
        // The node comes back by itself; the gateway gives it another chance after a pause.
        let answer: string | null;
        await until(
            async () => {
                answer = await ask('say back again').then(
                    ({ choices }) => choices[0]!.message.content,
                    (reason) => `${reason.status} ${reason.code}`,
                );
                return answer === 'back again';
            },
            { timeout: 90_000, every: 1_000, failure: () => answer },
        );
    });

    it('was paid for every answer, and the relay kept nothing of them', async () => {
        await gateway.stop();
        expect(relay.log).not.toMatch(/hello through|back again/);
    });
}
