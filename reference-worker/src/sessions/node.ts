import { EnvelopeOpener } from 'cocoon-sdk';
import { Access } from './access';
import type { Allocation } from './allocation';
import { Controls } from './controls';
import { Ended } from './ending';
import type { SessionEnvironment } from './environment';
import { createSessionHandler } from './handler';
import { KeyRing } from './key-ring';
import { Ledger } from './ledger';
import { Requests } from './requests';
import type { SessionHandler } from './types';
import { type ReadVault, VaultCache } from './vault-cache';

export interface SessionNodeOptions {
    env: SessionEnvironment;
    readVault: ReadVault;
    /** A client has asked for the release of an allocation. */
    onRelease?: (allocation: Allocation) => void;
}

/** The node's side of all sessions, without the sockets. */
export class SessionNode {
    readonly ledger: Ledger;
    readonly vaults: VaultCache;
    readonly handler: SessionHandler;
    readonly #requests: Requests;
    readonly #keys: KeyRing;
    #draining = false;

    constructor({ env, readVault, onRelease = () => {} }: SessionNodeOptions) {
        const { primitives, place, now } = env;
        this.ledger = new Ledger(env);
        this.vaults = new VaultCache({ read: readVault, now });
        const keys = new KeyRing({ ...env, onDropped: (keyId) => opener.forget(keyId) });
        const opener = new EnvelopeOpener(primitives, place, (keyId) => keys.secretOf(keyId));
        const access = new Access(env, this.vaults, this.ledger);
        this.#requests = new Requests({
            env,
            access,
            ledger: this.ledger,
            opener,
            isDraining: () => this.#draining,
        });
        const controls = new Controls({
            env,
            access,
            opener,
            onRelease: (allocation) => void this.#endAll(allocation).then(() => onRelease(allocation)),
        });
        this.#keys = keys;
        this.handler = createSessionHandler({ env, keys, requests: this.#requests, controls });
    }

    get running(): number {
        return this.#requests.running.size;
    }

    /** Forgets keys that nobody may use any more, and what nobody has used lately. */
    sweep(): void {
        this.#keys.sweep();
        this.ledger.sweep();
    }

    /** From now on nothing new is taken; payments for what runs are. */
    beginDrain(): void {
        this.#draining = true;
    }

    /** Resolves once nothing runs any more; when the signal fires, what runs is put down with its receipts. */
    async idle(force: AbortSignal): Promise<void> {
        const cut = () => {
            for (const running of this.#requests.running) running.stop(new Ended('draining'));
        };
        force.addEventListener('abort', cut, { once: true });
        if (force.aborted) cut();
        while (this.running > 0) {
            await Promise.all([...this.#requests.running].map(({ done }) => done));
            // Their bookkeeping runs in the same turn.
            await new Promise((resolve) => setImmediate(resolve));
        }
        force.removeEventListener('abort', cut);
    }

    /** Ends what runs on an allocation, with its receipts. */
    async #endAll(allocation: Allocation): Promise<void> {
        const ending = [...this.#requests.running].filter((running) => running.allocation === allocation);
        for (const running of ending) running.stop(new Ended('draining'));
        await Promise.all(ending.map(({ done }) => done));
    }
}
