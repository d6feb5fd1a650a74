import { allocation, keys, MemoryMarks, primitives, setup } from '../../../tests/helpers/session/setup';
import { signVoucher } from '../wire/voucher';

const ALLOCATED = 3_200n;
/** What is left of the allocation when a step of 1/32 no longer fits. */
const LITTLE = 50n;

describe('the mark of what is promised', () => {
    it('goes ahead in steps and stops at the allocation', async () => {
        const { store, newChannel } = setup({ allocated: ALLOCATED });
        const channel = newChannel();
        await channel.promise(1n);
        expect(store.marks.cumulative).toBe(101n);
        await channel.promise(ALLOCATED - LITTLE);
        expect(store.marks.cumulative).toBe(ALLOCATED);
        await channel.promise(ALLOCATED);
        expect(store.marks.cumulative).toBe(ALLOCATED);
    });

    it('is not written again once it is there', async () => {
        const { store, newChannel } = setup({ allocated: ALLOCATED });
        const channel = newChannel();
        await channel.promise(ALLOCATED - LITTLE);
        const before = store.writes;
        for (let left = LITTLE - 1n; left >= 0n; left--) await channel.promise(ALLOCATED - left);
        expect(store.writes).toBe(before);
    });

    it('goes on when the allocation grows', async () => {
        const { store, newChannel } = setup({ allocated: ALLOCATED });
        const channel = newChannel();
        await channel.promise(ALLOCATED);
        channel.increase(2n * ALLOCATED);
        await channel.promise(ALLOCATED + 1n);
        expect(store.marks.cumulative).toBe(ALLOCATED + 101n);
    });

    it('leaves what was never signed for use, after a crash and an increase', async () => {
        const { store, newChannel } = setup({ allocated: ALLOCATED });
        await newChannel().promise(ALLOCATED - LITTLE);
        const channel = newChannel(new MemoryMarks(), store.marks);
        channel.increase(2n * ALLOCATED);
        expect(channel.available).toBe(ALLOCATED);
    });

    it('covers a voucher that the node proves, of an allocation that is known too small', async () => {
        const { store, newChannel } = setup({ allocated: ALLOCATED });
        await newChannel().takeSequence();
        const channel = newChannel(store, store.marks);
        const { cumulative, signature } = signVoucher(
            primitives,
            keys.voucherSecretKey,
            allocation,
            2n * ALLOCATED,
        );
        channel.restore({ cumulative, signature, owed: 0n, highestSequence: 0n, releasing: false });
        await channel.takeSequence();
        expect(store.marks.cumulative).toBe(2n * ALLOCATED);
    });
});
