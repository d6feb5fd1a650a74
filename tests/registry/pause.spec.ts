import '@ton/test-utils';
import type { Blockchain, SandboxContract, TreasuryContract } from '@ton/sandbox';
import { registryBodies } from 'cocoon-wrappers';
import * as binding from '../../build/Registry/Registry_Registry';
import { advance, createBlockchain, now } from '../helpers/blockchain';
import { deployProtocol, type Protocol, registerNode, sendRegistration } from '../helpers/protocol';
import { expectAccepted, expectRefused, send } from '../helpers/registry';
import { DAY } from '../helpers/terms';

let blockchain: Blockchain;
let protocol: Protocol;
let owner: SandboxContract<TreasuryContract>;

beforeEach(async () => {
    blockchain = await createBlockchain();
    protocol = await deployProtocol(blockchain);
    owner = await blockchain.treasury('owner');
});

const pause = (duration: number, from = protocol.guardian) =>
    send(protocol, from, registryBodies.pause({ duration }));
const unpause = (from = protocol.guardian) => send(protocol, from, registryBodies.unpause());
const refused = (result: Awaited<ReturnType<typeof send>>, code: bigint) =>
    expectRefused(result, protocol.registry.address, code);
const accepted = (result: Awaited<ReturnType<typeof send>>) =>
    expectAccepted(result, protocol.registry.address);

it('stops registrations until it ends by itself', async () => {
    const result = await pause(7 * DAY);
    accepted(result);
    const pausedUntil = now(blockchain) + 7 * DAY;
    expect(binding.loadPauseChanged(result.externals[0]!.body.beginParse()).pausedUntil).toBe(
        BigInt(pausedUntil),
    );
    expect(await protocol.registry.getNetwork()).toMatchObject({
        pausedUntil,
        nextPauseAt: pausedUntil + 30 * DAY,
    });
    advance(blockchain, 7 * DAY - 1);
    refused(await sendRegistration(protocol, { owner }), binding.ERR_PAUSED);
    advance(blockchain, 1);
    await registerNode(blockchain, protocol, { owner });
});

it.each([0, 7 * DAY + 1])('is refused for %i s', async (duration) => {
    refused(await pause(duration), binding.ERR_BOUNDS);
});

it('is the guardian’s alone', async () => {
    refused(await pause(1, protocol.governor), binding.ERR_ACCESS);
    refused(await pause(1, owner), binding.ERR_ACCESS);
});

it('does not follow another within 30 days of its end', async () => {
    accepted(await pause(DAY));
    refused(await pause(DAY), binding.ERR_PAUSE_COOLDOWN);
    advance(blockchain, 31 * DAY - 1);
    refused(await pause(1), binding.ERR_PAUSE_COOLDOWN);
    advance(blockchain, 1);
    accepted(await pause(1));
});

it.each(['guardian', 'governor'] as const)(
    'is ended early by the %s, and the 30 days begin then',
    async (who) => {
        accepted(await pause(7 * DAY));
        advance(blockchain, DAY);
        refused(await unpause(owner), binding.ERR_ACCESS);
        accepted(await unpause(protocol[who]));
        expect(await protocol.registry.getNetwork()).toMatchObject({
            pausedUntil: now(blockchain),
            nextPauseAt: now(blockchain) + 30 * DAY,
        });
        await registerNode(blockchain, protocol, { owner });
    },
);

it('cannot be ended when there is none', async () => {
    refused(await unpause(), binding.ERR_NOT_PAUSED);
    accepted(await pause(DAY));
    advance(blockchain, DAY);
    refused(await unpause(), binding.ERR_NOT_PAUSED);
});
