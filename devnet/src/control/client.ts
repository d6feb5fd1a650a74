import type { ChainStats, DeliveryPolicy, Supply } from '../chain/types';
import { DevnetError } from '../errors';
import type { PolicyChange } from '../options';

type FetchLike = (
    url: string,
    init: { method: string; headers: Record<string, string>; body: string },
) => Promise<{
    json(): Promise<unknown>;
}>;

interface Reply {
    ok?: boolean;
    result?: unknown;
    error?: string;
}

/** Controls a running devnet over HTTP. Addresses are strings, amounts nanoTON, times Unix seconds. */
export class DevnetControl {
    /**
     * @param endpoint what `listen` returned or the command printed, e.g. http://127.0.0.1:8081/jsonRPC
     */
    constructor(
        readonly endpoint: string,
        private readonly fetchImplementation: FetchLike = fetch,
    ) {}

    /** Creates money; resolves once it is on the account. */
    async fund(address: string, amount: bigint): Promise<void> {
        await this.call('devnet_fund', { address, amount: String(amount) });
    }

    time(): Promise<number> {
        return this.call('devnet_time');
    }

    /** Moves the clock forward and returns the new time. */
    increaseTime(seconds: number): Promise<number> {
        return this.call('devnet_increaseTime', { seconds });
    }

    /** Makes blocks; returns the number of the last. */
    mine(blocks = 1): Promise<number> {
        return this.call('devnet_mine', { blocks });
    }

    /** Makes blocks until nothing is left to deliver. */
    async settle(): Promise<void> {
        await this.call('devnet_settle');
    }

    snapshot(): Promise<number> {
        return this.call('devnet_snapshot');
    }

    async revert(id: number): Promise<void> {
        await this.call('devnet_revert', { id });
    }

    /** Holds back internal messages until `resume`. */
    async pause(filter: { source?: string; destination?: string } = {}): Promise<void> {
        await this.call('devnet_pause', filter);
    }

    async resume(): Promise<void> {
        await this.call('devnet_resume');
    }

    /** Delivers in a random order that the seed reproduces, each (source, destination) pair in its own order. */
    shuffle(seed: number): Promise<DeliveryPolicy> {
        return this.call('devnet_shuffle', { seed });
    }

    /** Delivers `min` to `max` blocks after sending. */
    hop(min: number, max = min): Promise<DeliveryPolicy> {
        return this.call('devnet_hop', { min, max });
    }

    setPolicy(change: PolicyChange): Promise<DeliveryPolicy> {
        return this.call('devnet_setPolicy', { ...change });
    }

    /** Installs an account; `code` and `data` are bags of cells in base64. */
    async setAccount(
        address: string,
        account: { code: string; data: string; balance: bigint },
    ): Promise<void> {
        await this.call('devnet_setAccount', { address, ...account, balance: String(account.balance) });
    }

    async supply(): Promise<Supply> {
        const json = await this.call<Record<keyof Supply, string | boolean>>('devnet_supply');
        const amount = (name: keyof Supply) => BigInt(json[name] as string);
        return {
            funded: amount('funded'),
            balances: amount('balances'),
            inFlight: amount('inFlight'),
            fees: amount('fees'),
            undeliverable: amount('undeliverable'),
            conserved: json.conserved === true,
        };
    }

    stats(): Promise<ChainStats> {
        return this.call('devnet_stats');
    }

    private async call<T>(method: string, params: Record<string, unknown> = {}): Promise<T> {
        const reply = await this.post(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
        if (reply.ok === true) return reply.result as T;
        throw new DevnetError(
            'CONTROL_FAILED',
            `${method} failed: ${reply.error ?? 'the answer is not from a devnet'}`,
            `The endpoint is ${this.endpoint}.`,
        );
    }

    private async post(body: string): Promise<Reply> {
        try {
            const headers = { 'content-type': 'application/json' };
            const response = await this.fetchImplementation(this.endpoint, { method: 'POST', headers, body });
            return (await response.json()) as Reply;
        } catch (error) {
            throw new DevnetError(
                'CONTROL_FAILED',
                `The devnet at ${this.endpoint} cannot be reached: ${(error as Error).message}.`,
                'Start it with: npx cocoon-devnet',
                { cause: error },
            );
        }
    }
}
