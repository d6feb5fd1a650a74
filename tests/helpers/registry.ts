import type { Address, Cell } from '@ton/core';
import { toNano } from '@ton/core';
import type { Blockchain, SandboxContract, SendMessageResult, TreasuryContract } from '@ton/sandbox';
import { type ProposalParts, registryBodies } from 'cocoon-wrappers';
import { advance, GENESIS } from './blockchain';
import type { Protocol } from './protocol';

type Wallet = SandboxContract<TreasuryContract>;

/** Enough for any message of governance; the excess returns. */
const AMPLE = toNano('5');

export function send(
    protocol: Protocol,
    from: Wallet,
    body: Cell,
    value = AMPLE,
): Promise<SendMessageResult> {
    return protocol.registry.sendMessage(from.getSender(), value, body);
}

/** The message was accepted and what was left of its value came back. */
export function expectAccepted(result: SendMessageResult, to: Address): void {
    expect(result.transactions).toHaveTransaction({ to, success: true });
    expect(result.transactions).toHaveTransaction({ from: to, success: true });
}

/** The message failed with this exit code and its value, less gas, came back by a bounce. */
export function expectRefused(result: SendMessageResult, to: Address, exitCode: bigint | number): void {
    expect(result.transactions).toHaveTransaction({ to, exitCode: Number(exitCode), success: false });
    expect(result.transactions).toHaveTransaction({ from: to, inMessageBounced: true });
}

export function propose(protocol: Protocol, proposal: ProposalParts | Cell, from = protocol.governor) {
    return send(protocol, from, registryBodies.propose({ proposal }));
}

export function execute(
    protocol: Protocol,
    id: number,
    proposal: ProposalParts | Cell,
    from = protocol.governor,
) {
    return send(protocol, from, registryBodies.execute({ id, proposal }));
}

/** Proposes, waits for the timelock, executes. `id` is the number of proposals made before. */
export async function enact(
    blockchain: Blockchain,
    protocol: Protocol,
    id: number,
    proposal: ProposalParts,
): Promise<SendMessageResult> {
    expectAccepted(await propose(protocol, proposal), protocol.registry.address);
    const pending = await protocol.registry.getProposal(id);
    advance(blockchain, pending!.executableAt - (blockchain.now ?? GENESIS));
    const result = await execute(protocol, id, proposal);
    expectAccepted(result, protocol.registry.address);
    return result;
}
