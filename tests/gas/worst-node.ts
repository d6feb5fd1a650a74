import { toNano } from '@ton/core';
import { nodeBodies } from 'cocoon-wrappers';
import { giveKey, keyFrom } from '../helpers/accusation';
import { advance } from '../helpers/blockchain';
import { operatorOf, type Scene } from '../helpers/scene';
import { expectAllDone, send } from '../helpers/trace';

/** The last of the retired keys, tried last of all. */
export const LAST_OLD_KEY = keyFrom(3);

/** As many keys as a Node keeps. */
export async function retireKeys(scene: Scene): Promise<void> {
    for (let key = 1; key <= 4; key++) {
        advance(scene.blockchain, 1);
        await giveKey(operatorOf(scene), keyFrom(key));
    }
}

/** Nothing but eight entries is left to slash, and a sixteenth of the reserve takes something of each. */
export async function unbondAll(scene: Scene): Promise<void> {
    const { node, owner } = operatorOf(scene);
    const { stake } = await node.getNode();
    const part = toNano('0.8');
    for (const amount of [part, part, part, part, part, part, part, stake - 7n * part]) {
        advance(scene.blockchain, 1);
        expectAllDone(await send(owner, node.address, nodeBodies.unbond({ amount })));
    }
}
