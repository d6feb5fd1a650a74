import { Address } from '@ton/core';
import { nodeBodies } from 'cocoon-wrappers';
import { advance, now } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { claimJob, postJob, sendClaim } from '../helpers/job';
import { createScene, type Operator, operatorOf, type Scene } from '../helpers/scene';
import { expectAllDone, expectRefused, plain, send } from '../helpers/trace';

let scene: Scene;
let by: Operator;

beforeEach(async () => {
    scene = await createScene();
    by = operatorOf(scene);
});

const rotate = (changes: { operator?: Address; operatorKey?: bigint; encryptionKey?: bigint } = {}) => {
    const body = nodeBodies.rotateKeys({
        operator: by.operator.address,
        operatorKey: 5n,
        encryptionKey: 6n,
        ...changes,
    });
    return send(by.owner, by.node.address, body);
};

describe('RotateKeys', () => {
    it('changes operator and keys; the payout stays; the old key keeps its time', async () => {
        const born = now(scene.blockchain);
        advance(scene.blockchain, 50);
        expectAllDone(await rotate({ operator: scene.stranger.address }));
        const { operator, encryptionKey, payout } = await by.node.getNode();
        expect(plain([operator, encryptionKey, payout])).toEqual(
            plain([scene.stranger.address, 6n, by.payout.address]),
        );
        expect((await by.node.getDetails()).keys).toEqual([
            { operatorKey: 5n, activatedAt: born + 50 },
            { operatorKey: 0xed25519_00n, activatedAt: born, rotatedAt: born + 50 },
        ]);
        const posted = await postJob(scene);
        expectRefused(await sendClaim(posted, by), by.node.address, ERR.ERR_ACCESS);
        await claimJob(posted, { ...by, operator: scene.stranger });
        expect((await posted.job.getJob()).claimer?.encryptionKey).toBe(6n);
    });

    it('keeps four old keys while they may be accused with, and refuses a fifth rotation until then', async () => {
        const { evidenceWindow, longestDispute } = scene.protocol.terms.stakeParams;
        const born = now(scene.blockchain);
        for (let i = 0; i < 4; i++) {
            advance(scene.blockchain, 10);
            expectAllDone(await rotate({ operatorKey: BigInt(10 + i) }));
        }
        advance(scene.blockchain, evidenceWindow + longestDispute - 30);
        expectRefused(await rotate({ operatorKey: 20n }), by.node.address, ERR.ERR_KEYS_FULL);
        advance(scene.blockchain, 1);
        expectAllDone(await rotate({ operatorKey: 20n }));
        const { keys } = await by.node.getDetails();
        expect(keys.map(({ operatorKey }) => operatorKey)).toEqual([20n, 10n, 11n, 12n, 13n]);
        expect(keys.at(-1)).toEqual({
            operatorKey: 13n,
            activatedAt: born + 40,
            rotatedAt: now(scene.blockchain),
        });
    });

    it('happens once in a second, so that every key has a time of its own', async () => {
        expectAllDone(await rotate());
        expectRefused(await rotate({ operatorKey: 7n }), by.node.address, ERR.ERR_KEYS_FULL);
    });

    it('refuses keys of zero and an operator in the masterchain', async () => {
        expectRefused(await rotate({ operatorKey: 0n }), by.node.address, ERR.ERR_KEY);
        expectRefused(await rotate({ encryptionKey: 0n }), by.node.address, ERR.ERR_KEY);
        const operator = new Address(-1, Buffer.alloc(32));
        expectRefused(await rotate({ operator }), by.node.address, ERR.ERR_WORKCHAIN);
    });
});
