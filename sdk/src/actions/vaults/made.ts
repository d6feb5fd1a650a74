import type { VaultAllocation } from 'cocoon-wrappers';
import type { CocoonClient } from '../../client/client';
import { equalBytes } from '../../utils';
import { getAllocations } from './get-allocations';
import type { AllocationOrder, VaultTarget } from './target';

/** Looks again while the endpoint that answers is behind the one that showed the trace. */
const LOOKS = 10;

/** The allocations that a message made, in its order, with their generations. */
export async function madeAllocations(
    client: CocoonClient,
    { vault }: VaultTarget,
    orders: readonly AllocationOrder[],
): Promise<VaultAllocation[]> {
    for (let look = 1; orders.length > 0 && look <= LOOKS; look++) {
        const present = await getAllocations(client, { vault });
        const made = orders.flatMap((order) => {
            const found = present.get(order.slot);
            return found && equalBytes(found.voucherKey, order.voucherKey) ? [found] : [];
        });
        // One that is missing at the last look was released since.
        if (made.length === orders.length || look === LOOKS) return made;
        await client.clock.sleep(client.waiting.intervalMs, client.waiting.signal);
    }
    return [];
}
