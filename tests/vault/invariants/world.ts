import type { Address, Cell } from '@ton/core';
import { internal, type SmartContract, type SmartContractSnapshot } from '@ton/sandbox';
import { decodeAllocations, type SignedVoucher, vaultBodies } from 'cocoon-wrappers';
import { feesUnder, vaultStorage } from '../../gas/formulas';
import { constant } from '../../gas/measured';
import { now } from '../../helpers/blockchain';
import { operatorOf, type Scene } from '../../helpers/scene';
import { allocation, keyOf, type OpenedVault, voucher } from '../../helpers/vault';
import type { Action } from './actions';
import { VaultModel } from './model';

export class Violation extends Error {}

const THIEF = keyOf('thief');
const MESSAGE_PRICE = 400_000n;
const fees = feesUnder(1n);

/** A vault that is sent one message after the other, and the model that says what must come of it. */
export class VaultWorld {
    readonly accepted = new Map<string, number>();
    private model!: VaultModel;
    private time = 0;
    private spentVouchers: SignedVoucher[] = [];

    private constructor(
        private readonly scene: Scene,
        private readonly opened: OpenedVault,
        private readonly contract: SmartContract,
        private readonly start: SmartContractSnapshot,
        private readonly started: number,
    ) {}

    static async create(scene: Scene, opened: OpenedVault): Promise<VaultWorld> {
        const contract = await scene.blockchain.getContract(opened.vault.address);
        return new VaultWorld(scene, opened, contract, contract.snapshot(), now(scene.blockchain));
    }

    reset(): void {
        this.contract.loadFrom(this.start);
        this.time = this.started;
        this.spentVouchers = [];
        const { jobParams, kinds } = this.scene.protocol.terms;
        this.model = new VaultModel(
            BigInt(jobParams.feeBps),
            kinds.releaseDelay,
            this.opened.identity.openBefore,
            BigInt(constant('FEES_WORTH_SENDING')),
            MESSAGE_PRICE,
        );
    }

    async perform(action: Action): Promise<void> {
        this.time += action.wait;
        if (this.model.gone) return;
        const { client, stranger, keeper } = this.scene;
        const { slot, kind, value } = action;
        const present = this.model.slots.get(slot);
        const generation = (present?.generation ?? 1n) + BigInt(action.generation);
        const free = this.available();
        const percent = (whole: bigint) => (whole * BigInt(action.percent)) / 100n;
        const owner = action.stranger ? stranger.address : client.address;
        const m = this.model;
        const mine = !action.stranger;
        if (kind === 'topUp')
            return this.deliver(kind, stranger.address, vaultBodies.topUp(), value, fees.topUp, () => true);
        if (kind === 'withdraw') {
            const amount = percent(free);
            return this.deliver(kind, owner, vaultBodies.withdraw({ amount }), value, fees.withdraw, () => {
                const most = this.free(value);
                const asked = amount === 0n ? most : amount;
                if (!mine || asked <= 0n || asked > most) return false;
                m.paid.client += asked;
                return true;
            });
        }
        if (kind === 'allocate') {
            const amount = percent(free) / 3n;
            const body = vaultBodies.allocate({ allocations: [allocation(this.scene, { slot, amount })] });
            const cost = fees.allocate(1);
            return this.deliver(
                kind,
                owner,
                body,
                value,
                cost,
                () => mine && m.allocate(slot, amount, this.free(cost, 1)),
            );
        }
        if (kind === 'increase') {
            const amount = percent(free) / 2n;
            const body = vaultBodies.increaseAllocation({ slot, generation, amount });
            return this.deliver(
                kind,
                owner,
                body,
                value,
                fees.increase,
                () => mine && m.increase(slot, generation, amount, this.free(fees.increase)),
            );
        }
        if (kind === 'requestRelease') {
            const body = vaultBodies.requestRelease({ slots: [slot] });
            return this.deliver(
                kind,
                owner,
                body,
                value,
                fees.requestRelease(1),
                () => mine && m.requestRelease(slot, this.time),
            );
        }
        if (kind === 'finishRelease') {
            const body = vaultBodies.finishRelease({ slots: [slot] });
            return this.deliver(kind, keeper.address, body, value, fees.finishRelease(1), () =>
                m.finishRelease(slot, this.time),
            );
        }
        if (kind === 'destroy') {
            const least = fees.destroyVault;
            return this.deliver(
                kind,
                owner,
                vaultBodies.destroy(),
                value,
                least,
                () => mine && m.destroy(this.time),
            );
        }
        const fresh = voucher(this.scene, this.opened, percent(present?.allocated ?? 100n), {
            slot,
            generation,
            key: action.forged ? THIEF : undefined,
        });
        const replayed = this.spentVouchers[action.replay];
        const used = replayed ?? fresh;
        const genuine = replayed !== undefined || !action.forged;
        const { cumulative } = used;
        if (kind === 'redeem') {
            return this.deliver(kind, keeper.address, vaultBodies.redeem(used), value, fees.redeem, () => {
                const paid = m.redeem(used.slot, used.generation, cumulative, genuine);
                if (paid) this.spentVouchers.push(used);
                return paid;
            });
        }
        const payee = action.stranger ? stranger.address : operatorOf(this.scene).payout.address;
        return this.deliver(
            kind,
            payee,
            vaultBodies.releaseNow(used),
            value,
            fees.release,
            () => mine && m.releaseNow(used.slot, used.generation, cumulative, genuine),
        );
    }

    /** With the node silent for ever, the client gets all that was not redeemed. */
    async expectEverythingEnds(): Promise<void> {
        if (this.model.gone) return;
        const ample = {
            value: 2_000_000_000n,
            stranger: false,
            percent: 0,
            generation: 0,
            forged: false,
            replay: -1,
        };
        for (const [slot, { releaseAt }] of [...this.model.slots]) {
            if (releaseAt === 0) await this.perform({ ...ample, kind: 'requestRelease', wait: 0, slot });
            await this.perform({ ...ample, kind: 'finishRelease', wait: 21_600, slot });
        }
        await this.perform({ ...ample, kind: 'destroy', wait: 30 * 86_400, slot: 0 });
        if (!this.model.gone) throw new Violation('the money does not return to the client');
    }

    /** About what is free before a message: enough to draw amounts around it. */
    private available(): bigint {
        const { reserved, feesOwed, slots } = this.model;
        const free = this.contract.balance - vaultStorage(1n, slots.size) - reserved - feesOwed;
        return free > 0n ? free : 0n;
    }

    /** As the contract counts it while a message that costs `cost` is there; `balance` holds the message's value. */
    private free(cost: bigint, more = 0): bigint {
        const reserve = vaultStorage(1n, this.model.slots.size + more);
        return this.inFlight - cost - reserve - this.model.reserved - this.model.feesOwed;
    }

    private inFlight = 0n;

    private async deliver(
        kind: string,
        from: Address,
        body: Cell,
        value: bigint,
        least: bigint,
        expected: () => boolean,
    ): Promise<void> {
        const before = { ...this.model.paid };
        const data = this.dataHash();
        const held = this.contract.balance;
        const to = this.opened.vault.address;
        const transaction = await this.contract.receiveMessage(internal({ from, to, value, body }), {
            now: this.time,
        });
        const { description } = transaction;
        if (description.type !== 'generic') throw new Error('Not the transaction of a message.');
        const storage = description.storagePhase?.storageFeesCollected ?? 0n;
        this.inFlight = held - storage + value;
        const shouldPass = value >= least && expected();
        const passed = !description.aborted;
        if (passed !== shouldPass) throw new Violation(`${kind} ${passed ? 'passed' : 'was refused'}`);
        if (!passed && this.dataHash() !== data) throw new Violation(`a refused ${kind} changed the state`);
        if (passed) this.accepted.set(kind, (this.accepted.get(kind) ?? 0) + 1);
        const out = transaction.outMessages
            .values()
            .flatMap(({ info }) =>
                info.type === 'internal'
                    ? [{ to: info.dest, value: info.value.coins, fee: info.forwardFee }]
                    : [],
            );
        const left = out.reduce((sum, message) => sum + message.value + message.fee, 0n);
        const total = this.inFlight - left - (transaction.totalFees.coins - storage);
        if (total !== this.contract.balance) throw new Violation(`${kind}: money appeared or vanished`);
        const spare = (whom: Address) =>
            out
                .filter((message) => message.to.equals(whom))
                .reduce((sum, message) => sum + message.value, 0n);
        const { payee, client, treasury } = this.model.paid;
        const { payout } = operatorOf(this.scene);
        if (passed) {
            within(`${kind}: payee`, spare(payout.address), payee - before.payee, value);
            if (!this.model.gone)
                within(`${kind}: client`, spare(this.scene.client.address), client - before.client, value);
            if (spare(this.scene.protocol.treasury.address) !== treasury - before.treasury)
                throw new Violation(`${kind}: the treasury got something else`);
        }
        this.compare(kind);
    }

    /** What the contract says that it owes is what the model says, and it has it. */
    private compare(kind: string): void {
        const { accountState } = this.contract;
        if (accountState?.type !== 'active') {
            if (!this.model.gone) throw new Violation(`${kind}: the vault is gone`);
            return;
        }
        if (this.model.gone) throw new Violation(`${kind}: the vault is still there`);
        const fields = accountState.state.data!.beginParse();
        const allocations = decodeAllocations(fields.loadMaybeRef());
        fields.skip(320);
        const owed = { feesOwed: fields.loadUintBig(64), reserved: fields.loadUintBig(64) };
        const { model } = this;
        if (owed.feesOwed !== model.feesOwed) throw new Violation(`${kind}: fees owed`);
        if (owed.reserved !== model.reserved) throw new Violation(`${kind}: reserved`);
        if (fields.skip(48).loadUintBig(64) !== model.nextGeneration)
            throw new Violation(`${kind}: generation`);
        if (fields.loadUint(8) !== model.slots.size) throw new Violation(`${kind}: count`);
        for (const [slot, wanted] of model.slots) {
            const found = allocations.get(slot);
            for (const name of ['generation', 'claimed', 'allocated', 'releaseAt'] as const)
                if (found?.[name] !== wanted[name]) throw new Violation(`${kind}: ${name} of slot ${slot}`);
        }
        if (this.contract.balance < owed.feesOwed + owed.reserved)
            throw new Violation(`${kind}: the vault cannot pay what it owes`);
    }

    private dataHash(): string | undefined {
        const state = this.contract.accountState;
        return state?.type === 'active' ? state.state.data?.hash().toString('hex') : undefined;
    }
}

/** Exactly the money, and with it at most what is left of the message's value. */
function within(what: string, got: bigint, money: bigint, value: bigint): void {
    if (got < money || got > money + value) throw new Violation(`${what} got ${got} for ${money}`);
}
