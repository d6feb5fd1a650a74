import type { Cell } from '@ton/core';
import type { SandboxContract, SendMessageResult } from '@ton/sandbox';
import { cellHash, Dispute, disputeBodies, type SignedReceipt } from 'cocoon-wrappers';
import * as binding from '../../build/Node/Node_Node';
import { accusation, type ReceiptOptions } from '../helpers/accusation';
import type { Scene } from '../helpers/scene';
import type { Wallet } from '../helpers/trace';

// Real Disputes with real Nodes and Jobs: nobody is played by a puppet.

export interface Opened {
    dispute: SandboxContract<Dispute>;
    subject: Cell;
    openBefore: number;
    evidence: Cell;
    result: SendMessageResult;
}

/** Opens the Dispute about one request; with `conflicting` on two receipts. `value` ends below all it could need. */
export function accuseSession(
    scene: Scene,
    accuser: Wallet,
    options: ReceiptOptions & { conflicting?: SignedReceipt } = {},
    value?: bigint,
): Promise<Opened> {
    const { body, openBefore } = accusation(scene, { ...options, accuser });
    const { subject, evidence } = binding.loadAccuse(body.beginParse());
    return open(scene, accuser, { subject, evidence, openBefore }, value);
}

async function open(
    { blockchain, protocol }: Scene,
    accuser: Wallet,
    about: { subject: Cell; evidence: Cell; openBefore: number },
    value = 10_000_000_000n,
): Promise<Opened> {
    const { registry, termsHash, termsCell } = protocol;
    const { subject, evidence, openBefore } = about;
    const dispute = blockchain.openContract(
        Dispute.fromIdentity({
            registry: registry.address,
            termsHash,
            subject: cellHash(subject),
            openBefore,
        }),
    );
    const result = await accuser.send({
        to: dispute.address,
        value,
        init: dispute.init,
        body: disputeBodies.open({ terms: termsCell, subject, evidence }),
        sendMode: 1,
    });
    return { ...about, dispute, result };
}

/** So many wallets, two accusations each. */
export async function accusers(scene: Scene, count: number): Promise<Wallet[]> {
    const wallets: Wallet[] = [];
    for (let i = 0; i < count; i++) wallets.push(await scene.blockchain.treasury(`accuser-${i >> 1}`));
    return wallets;
}
