import type { CheckResult } from '../observability';

/** A fetch that remembers whether the RPC endpoints answer. */
export class RpcMonitor {
    readonly #fetch: typeof fetch;
    readonly #onError: () => void;
    #trouble: string | undefined = 'no answer yet';

    constructor(onError: () => void, implementation: typeof fetch = globalThis.fetch) {
        this.#onError = onError;
        this.#fetch = implementation;
    }

    readonly fetch: typeof fetch = async (input, init) => {
        try {
            const response = await this.#fetch(input, init);
            // 4xx and 5xx with a JSON-RPC error inside are answers; a gateway's page is not.
            const answers = response.ok || response.headers.get('content-type')?.includes('json') === true;
            if (answers && response.status !== 429) this.#trouble = undefined;
            else this.#failed(`status ${response.status}`);
            return response;
        } catch (error) {
            this.#failed('no connection');
            throw error;
        }
    };

    check(): CheckResult {
        return this.#trouble === undefined
            ? { ok: true }
            : { ok: false, reason: `the last RPC call failed: ${this.#trouble}` };
    }

    #failed(trouble: string): void {
        this.#trouble = trouble;
        this.#onError();
    }
}
