import { type Address, Cell, toNano } from '@ton/core';
import { internal, type SmartContract, type SmartContractTransaction } from '@ton/sandbox';
import { cellOf, encodeTerms, type NewOffer, nodeBodies, type Terms } from 'cocoon-wrappers';
import * as binding from '../../build/Node/Node_Node';
import { bidOn, draftJob } from './job';
import { MODEL_ID } from './protocol';
import type { Operator, Scene } from './scene';
import { AMPLE } from './trace';

export const TON = toNano('1');

/** Bodies of the messages that a Node takes from other contracts, to be forged. */
export const contractBodies = {
    settleLock(message: {
        claimSeq: bigint;
        outcome: number;
        earned?: bigint;
        slash?: bigint;
        client: Address;
    }): Cell {
        const { claimSeq, outcome, earned = 0n, slash = 0n, client } = message;
        return cellOf(
            binding.storeSettleLock({
                $$type: 'SettleLock',
                queryId: 0n,
                claimSeq,
                outcome: BigInt(outcome),
                earned,
                slash,
                client,
            }),
        );
    },
    freezeLock({ claimSeq, dispute }: { claimSeq: bigint; dispute: Address }): Cell {
        return cellOf(
            binding.storeFreezeLock({
                $$type: 'FreezeLock',
                queryId: 0n,
                claimSeq,
                dispute: BigInt(`0x${dispute.hash.toString('hex')}`),
                hardEnd: 1_900_000_000n,
                amount: 0n,
                facts: Cell.EMPTY,
            }),
        );
    },
    settleDisputedLock({
        claimSeq,
        slash,
        client,
    }: {
        claimSeq: bigint;
        slash: bigint;
        client: Address;
    }): Cell {
        return cellOf(
            binding.storeSettleDisputedLock({
                $$type: 'SettleDisputedLock',
                queryId: 0n,
                claimSeq,
                slash,
                compensation: slash / 2n,
                client,
            }),
        );
    },
    termsConfirmed: (terms: Cell): Cell =>
        cellOf(binding.storeTermsConfirmed({ $$type: 'TermsConfirmed', queryId: 0n, terms })),
    releaseConfirmed: (release: Cell): Cell =>
        cellOf(binding.storeReleaseConfirmed({ $$type: 'ReleaseConfirmed', queryId: 0n, release })),
};

/** The scene's terms with changes, as a cell. */
export function otherTerms(scene: Scene, changes: Partial<Terms>): Cell {
    return encodeTerms({ ...scene.protocol.terms, ...changes });
}

export function offer(changes: Partial<NewOffer> = {}): NewOffer {
    return {
        modelId: MODEL_ID,
        promptPrice: 1n,
        cachedPromptPrice: 2n,
        completionPrice: 3n,
        contextLength: 4,
        slots: 5,
        ...changes,
    };
}

/** A message that a contract alone receives; what it sends is not delivered. */
export function receive(
    contract: SmartContract,
    from: Address,
    body: Cell,
    options: { value?: bigint; at?: number } = {},
): Promise<SmartContractTransaction> {
    const { value = AMPLE, at } = options;
    return contract.receiveMessage(internal({ from, to: contract.address, value, body }), { now: at });
}

/** Locks one nanoTON for each of so many jobs that never answer. */
export async function takeLocks(scene: Scene, by: Operator, count: number): Promise<void> {
    const contract = await scene.blockchain.getContract(by.node.address);
    const { lockCount } = await by.node.getNode();
    for (let i = 0; i < count; i++) {
        const posted = draftJob(scene, { nonce: 1_000n + BigInt(i), spec: { collateral: 1n } });
        const body = nodeBodies.claim({ job: posted.identity, bid: bidOn(posted) });
        await receive(contract, by.operator.address, body, { at: scene.blockchain.now });
    }
    expect((await by.node.getNode()).lockCount).toBe(lockCount + count);
}
