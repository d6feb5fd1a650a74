import { type Address, toNano } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import {
    type AnswerEvidence,
    type Cocoon,
    type DisputeParams,
    drawOf,
    encodeBody,
    encodeDelta,
    encodeFinalInfo,
    hashRequest,
    hexToBytes,
    isSeatDue,
    memoryVoteStore,
    ResponseHash,
    signReceipt,
    type Vote,
    type VoteStore,
} from 'cocoon-sdk';
import { nativePrimitives } from 'cocoon-sdk/node';
import { until } from '../../../tests/helpers/until';
import { walletContract } from '../../src/config';
import { type LocalNetwork, NETWORK_ID, type RegisteredNode } from './local-network';

const HOUR = 3_600;
export const JUROR_STAKE = toNano('100');

/** Who stands for juror duty with JUROR_STAKE is drawn within two seconds. */
export const DISPUTE_PARAMS: DisputeParams = {
    jurors: 5,
    minorityBps: 1_000,
    receiptMultiple: 100,
    discloseWindow: HOUR,
    answerWindow: HOUR,
    seatWindow: HOUR,
    revealWindow: HOUR,
    jurorAge: 1,
    seatRate: 2n ** 64n / (2n * JUROR_STAKE),
    jurorFee: toNano('0.05'),
    jurorBond: toNano('50'),
    accuserBond: toNano('1'),
    maxReceiptSlash: toNano('5'),
};

export type Session = AnswerEvidence['request'];

/** A vault of this client with an allocation to a node. */
export async function openSession(client: Cocoon, node: RegisteredNode): Promise<Session> {
    const { address, allocations } = await client.vaults.open({
        deposit: toNano(3),
        allocations: [
            {
                slot: 0,
                node: node.address,
                payee: node.payout,
                voucherKey: Buffer.alloc(32, 9),
                amount: toNano(1),
            },
        ],
    });
    const { slot, generation } = allocations[0]!;
    return {
        networkId: NETWORK_ID,
        node: node.address.hash,
        vault: address.hash,
        slot,
        generation,
        sequence: 1n,
    };
}

/** What a client holds of an answer that this node signed: of these tokens, whatever they say. */
export function signedAnswer(parameters: {
    session: Session;
    node: RegisteredNode;
    modelId: string;
    tokenIds: number[];
    issuedAt: number;
}): AnswerEvidence {
    const { session, node, tokenIds, issuedAt } = parameters;
    const primitives = nativePrimitives();
    const modelId = hexToBytes(parameters.modelId);
    const salt = new Uint8Array(32).fill(17);
    const json = encodeBody({ messages: [{ role: 'user', content: 'What is TON?' }], temperature: 0 });
    const deltas = [
        encodeDelta({ t: 'What nobody would say', i: tokenIds, p: tokenIds.map(() => -0.01) }),
        encodeFinalInfo({ finish: 'stop', seed: null, cached: 0 }),
    ];
    const hash = new ResponseHash(primitives, salt);
    for (const delta of deltas) hash.add(delta);
    const receipt = signReceipt(
        primitives,
        new Uint8Array(node.keys.operator),
        { ...session, modelId },
        {
            chunk: 1,
            requestHash: hashRequest(primitives, salt, 'chat', json),
            responseHash: hash.digest(),
            usage: { prompt: 9, cached: 0, completion: tokenIds.length },
            price: toNano('0.02'),
            seed: 0n,
            issuedAt,
        },
    );
    return { request: session, modelId, task: 'chat', salt, json, deltas, receipt };
}

/** A juror whose votes a test says. */
export class ScriptedJuror {
    readonly votes: VoteStore = memoryVoteStore();

    private constructor(
        readonly node: RegisteredNode,
        private readonly operator: Cocoon,
    ) {}

    /** Registers a node with juror stake. */
    static async start(network: LocalNetwork, number: number, modelId: string): Promise<ScriptedJuror> {
        const node = await standForDuty(network, await network.registerNode(number, { modelIds: [modelId] }));
        const keys = keyPairFromSeed(node.keys.wallet);
        const contract = walletContract(keys.publicKey, 'v5r1', NETWORK_ID);
        return new ScriptedJuror(node, network.connect({ contract, secretKey: keys.secretKey }));
    }

    async sit(dispute: Address, vote: Vote): Promise<void> {
        const { index } = this.node;
        await until(async () => {
            const info = (await this.operator.disputes.get({ dispute }))!;
            return isSeatDue(drawOf(info), JUROR_STAKE, index, await this.operator.getTime());
        });
        await this.operator.disputes.takeSeat({ dispute, node: index, vote, votes: this.votes });
    }

    async reveal(dispute: Address): Promise<void> {
        await this.operator.disputes.reveal({ dispute, node: this.node.index, votes: this.votes });
    }
}

export async function standForDuty(network: LocalNetwork, node: RegisteredNode): Promise<RegisteredNode> {
    await network.connect(node.owner).disputes.setJurorStake({ node: node.index, amount: JUROR_STAKE });
    return node;
}
