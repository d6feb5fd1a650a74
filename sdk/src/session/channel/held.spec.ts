import { ChannelLeaseLostError } from '../../inference';
import { Channel, noblePrimitives } from '..';

it('signs nothing once the right to sign is gone, also below the marks', async () => {
    let held = true;
    const raised: bigint[] = [];
    const channel = new Channel({
        id: 'c',
        allocation: {
            networkId: -239,
            node: new Uint8Array(32).fill(1),
            vault: new Uint8Array(32).fill(2),
            slot: 0,
            generation: 1n,
        },
        endpoint: 'http://node.test',
        operatorKey: new Uint8Array(32).fill(3),
        encryptionKey: new Uint8Array(32).fill(4),
        voucherSecretKey: new Uint8Array(32).fill(5),
        allocated: 1_000_000n,
        store: {
            raise: async (_, { cumulative }) => {
                raised.push(cumulative);
            },
            assertHeld: () => {
                if (!held) throw new ChannelLeaseLostError('c');
            },
        },
        primitives: noblePrimitives,
    });
    expect((await channel.promise(10n)).cumulative).toBe(10n);
    expect(raised[0]).toBeGreaterThan(11n);
    held = false;
    await expect(channel.promise(11n)).rejects.toMatchObject({ code: 'session_store_failed' });
    await expect(channel.takeSequence()).rejects.toMatchObject({ code: 'session_store_failed' });
    expect(channel.signed).toBe(10n);
});
