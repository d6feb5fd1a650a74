import type { Address, Cell } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';
import { opcodes } from '../../build/artifacts';
import { createBlockchain } from '../helpers/blockchain';
import { ERR } from '../helpers/errors';
import { type PostedJob, sendPost } from '../helpers/job';
import { deployProtocol } from '../helpers/protocol';
import { operatorOf, registerOperator, type Scene } from '../helpers/scene';
import { exitCodeOn, opcodeOf, send, transactionsOn, type Wallet } from '../helpers/trace';
import { WIDEST_TERMS } from './widest';

/** One message of a protocol that can be sent again and again with another value from the same state. */
export type Entry = (value: bigint) => Promise<SendMessageResult>;

/** A scene under prices that are `factor` times those of other tests, from its beginning on. */
export async function pricedScene(factor: bigint, terms = WIDEST_TERMS): Promise<Scene> {
    const blockchain = await createBlockchain(factor);
    const protocol = await deployProtocol(blockchain, { terms });
    const scene: Scene = {
        blockchain,
        protocol,
        client: await blockchain.treasury('client'),
        keeper: await blockchain.treasury('keeper'),
        stranger: await blockchain.treasury('stranger'),
        nodes: [],
    };
    scene.nodes.push(await registerOperator(scene, 5_000_000_000_000n));
    return scene;
}

export const entry =
    (from: Wallet, to: Address, body: Cell): Entry =>
    (value) =>
        send(from, to, body, value);

export const posting =
    (scene: Scene, posted: PostedJob): Entry =>
    (value) =>
        sendPost(scene, posted, scene.client, value);

const OUT_OF_GAS = -14;

/** What an account has beyond what it owes: the storage reserve of a Job or a Node. */
export async function reserveOf(scene: Scene, posted?: PostedJob): Promise<bigint> {
    if (posted) {
        const { balance } = await scene.blockchain.getContract(posted.job.address);
        return balance - (await posted.job.getJob()).escrow;
    }
    const { node } = operatorOf(scene);
    const { balance } = await scene.blockchain.getContract(node.address);
    const { stake, unbonding } = await node.getNode();
    return balance - stake - unbonding;
}

/** Storage fees that fell due at an account in a trace: time, not the message, costs them. */
export function storageFeesOf(result: SendMessageResult, account: Address): bigint {
    return transactionsOn(result, account).reduce((sum, { description }) => {
        if (description.type !== 'generic') return sum;
        return sum + (description.storagePhase?.storageFeesCollected ?? 0n);
    }, 0n);
}

export async function expectRefusedBelow(run: Entry, to: Address, least: bigint): Promise<void> {
    const result = await run(least - 1n);
    expect(exitCodeOn(result, to)).toBe(ERR.ERR_VALUE);
    expect(result.transactions).toHaveTransaction({ from: to, inMessageBounced: true });
}

/** The trace went well to its last transaction, whoever paid for it. */
export function expectAllWell(result: SendMessageResult): void {
    for (const { description, inMessage } of result.transactions) {
        if (description.type !== 'generic') continue;
        const { computePhase, actionPhase } = description;
        // A wallet may get too little excess to run at all, or to run to its end, which fails nobody.
        if (inMessage && opcodeOf(inMessage.body) === opcodes.Excesses) {
            if (computePhase.type === 'skipped' && computePhase.reason === 'no-gas') continue;
            if (computePhase.type === 'vm' && computePhase.exitCode === OUT_OF_GAS) continue;
        }
        if (computePhase.type === 'vm') expect(computePhase.exitCode).toBe(0);
        expect(actionPhase?.resultCode ?? 0).toBe(0);
    }
}
