import type { Address, Message } from '@ton/core';
import type { Blockchain, SmartContractSnapshot } from '@ton/sandbox';

/** A payment that left the contended accounts. */
export interface Payment {
    to: Address;
    value: bigint;
    body: Message['body'];
}

export interface Ending {
    /** What others were sent. */
    payments: Payment[];
    /** Exit codes of the contended accounts' transactions that failed. */
    failures: number[];
}

interface Branch extends Ending {
    pending: Message[];
    /** Value under way, balances and fees together; stays what it was. */
    fees: bigint;
}

/**
 * Delivers messages in flight, and whatever they lead to, in every order that the network allows: only messages of one
 * source to one destination keep their order. Branches only where a contended account is concerned; what goes to others
 * is noted, not executed. Expects in each order that money in = money out + fees, and leaves the accounts as they were.
 * @param look called at the end of each order, when nothing is under way
 */
export async function everyOrder(
    blockchain: Blockchain,
    contended: readonly Address[],
    messages: readonly Message[],
    look: (ending: Ending) => Promise<void>,
): Promise<void> {
    const contracts = await Promise.all(contended.map((address) => blockchain.getContract(address)));
    const save = () => contracts.map((contract) => contract.snapshot());
    const load = (saved: SmartContractSnapshot[]) => {
        for (const [i, contract] of contracts.entries()) contract.loadFrom(saved[i]!);
    };
    const held = () => contracts.reduce((sum, { balance }) => sum + balance, 0n);
    const total = held() + messages.reduce((sum, message) => sum + amountOf(message), 0n);

    async function deliver(branch: Branch, message: Message): Promise<Branch> {
        const contract = contracts.find(({ address }) => address.equals(destination(message)))!;
        const transaction = await contract.receiveMessage(message, { now: blockchain.now });
        const next: Branch = {
            pending: branch.pending.filter((other) => other !== message),
            payments: [...branch.payments],
            failures: [...branch.failures],
            fees: branch.fees + transaction.totalFees.coins,
        };
        const { description } = transaction;
        if (description.type === 'generic' && description.computePhase.type === 'vm') {
            if (!description.computePhase.success) next.failures.push(description.computePhase.exitCode);
        }
        for (const out of transaction.outMessages.values()) {
            if (out.info.type !== 'internal') continue;
            next.fees += out.info.forwardFee;
            const { dest, value } = out.info;
            if (contended.some((address) => address.equals(dest))) next.pending.push(out);
            else next.payments.push({ to: dest, value: value.coins, body: out.body });
        }
        return next;
    }

    async function explore(branch: Branch): Promise<void> {
        if (branch.pending.length === 0) {
            const paid = branch.payments.reduce((sum, { value }) => sum + value, 0n);
            expect(held() + paid + branch.fees).toBe(total);
            return look(branch);
        }
        const saved = save();
        for (const message of heads(branch.pending)) {
            load(saved);
            await explore(await deliver(branch, message));
        }
        load(saved);
    }

    await explore({ pending: [...messages], payments: [], failures: [], fees: 0n });
}

/** The first message of each source and destination. */
function heads(pending: readonly Message[]): Message[] {
    const lanes = new Map<string, Message>();
    for (const message of pending) {
        const lane = `${message.info.src}>${message.info.dest}`;
        if (!lanes.has(lane)) lanes.set(lane, message);
    }
    return [...lanes.values()];
}

function destination({ info }: Message): Address {
    if (info.type !== 'internal') throw new Error('Only internal messages are delivered.');
    return info.dest;
}

function amountOf({ info }: Message): bigint {
    return info.type === 'internal' ? info.value.coins : 0n;
}
