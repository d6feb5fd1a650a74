import { Address } from '@ton/core';
import { nodeBodies } from 'cocoon-wrappers';
import { ERR } from '../helpers/errors';
import { contractBodies, otherTerms, receive } from '../helpers/node';
import { createScene, type Operator, operatorOf, type Scene } from '../helpers/scene';
import { expectAllDone, expectRefused, forge, plain, send, type Wallet } from '../helpers/trace';

let scene: Scene;
let by: Operator;

beforeEach(async () => {
    scene = await createScene();
    by = operatorOf(scene);
});

const transfer = (newOwner: Address, from: Wallet = by.owner) =>
    send(from, by.node.address, nodeBodies.transferOwnership({ newOwner }));
const accept = (from: Wallet) => send(from, by.node.address, nodeBodies.acceptOwnership());
const owner = async () => plain((await by.node.getNode()).owner);

describe('ownership', () => {
    it('passes in two steps', async () => {
        expectRefused(await accept(scene.stranger), by.node.address, ERR.ERR_NOT_REQUESTED);
        expectAllDone(await transfer(scene.stranger.address));
        expect(await owner()).toBe(plain(by.owner.address));
        expectRefused(await accept(scene.keeper), by.node.address, ERR.ERR_ACCESS);
        expectRefused(await accept(by.owner), by.node.address, ERR.ERR_ACCESS);
        expectAllDone(await accept(scene.stranger));
        expect(await owner()).toBe(plain(scene.stranger.address));
        expectRefused(await transfer(by.owner.address), by.node.address, ERR.ERR_ACCESS);
        expectRefused(await accept(scene.stranger), by.node.address, ERR.ERR_NOT_REQUESTED);
    });

    it('goes to the last that was named, who can be the owner itself', async () => {
        await transfer(scene.stranger.address);
        await transfer(by.owner.address);
        expectRefused(await accept(scene.stranger), by.node.address, ERR.ERR_ACCESS);
        expectAllDone(await accept(by.owner));
        expect(await owner()).toBe(plain(by.owner.address));
    });

    it('is offered by the owner alone, in the basechain alone', async () => {
        const asOperator = await transfer(scene.stranger.address, by.operator);
        expectRefused(asOperator, by.node.address, ERR.ERR_ACCESS);
        const master = new Address(-1, scene.stranger.address.hash);
        expectRefused(await transfer(master), by.node.address, ERR.ERR_WORKCHAIN);
    });

    it('takes the wishes of the former owner with it', async () => {
        const contract = await scene.blockchain.getContract(by.node.address);
        const terms = otherTerms(scene, { marketShards: 9 });
        await receive(contract, by.owner.address, nodeBodies.adoptTerms({ terms }));
        await receive(contract, by.owner.address, nodeBodies.requestUpgrade({ releaseHash: 5n }));
        await transfer(scene.stranger.address);
        expect((await by.node.getDetails()).pending).toMatchObject({ releaseHash: 5n });
        await accept(scene.stranger);
        expect((await by.node.getDetails()).pending).toEqual({ termsHash: 0n, releaseHash: 0n });
        await forge(
            scene,
            scene.protocol.registry.address,
            by.node.address,
            contractBodies.termsConfirmed(terms),
        );
        expect((await by.node.getDetails()).terms).toHaveLength(1);
    });
});
