/** Result of one check. `reason` is for operators and holds no user text. */
export interface CheckResult {
    ok: boolean;
    reason?: string;
    details?: Record<string, string | number | boolean>;
}

export type Check = () => CheckResult | Promise<CheckResult>;

export interface HealthReport {
    ok: boolean;
    checks: Record<string, CheckResult>;
}

/** What /healthz and /readyz report. Services register a check for what they depend on. */
export class Health {
    readonly #checks = new Map<string, Check>();
    #ready = false;

    register(name: string, check: Check): void {
        this.#checks.set(name, check);
    }

    /** True between the end of start-up and the beginning of the drain. */
    get ready(): boolean {
        return this.#ready;
    }

    setReady(ready: boolean): void {
        this.#ready = ready;
    }

    async report(): Promise<HealthReport> {
        const results = await Promise.all(
            [...this.#checks].map(async ([name, check]) => [name, await run(check)] as const),
        );
        return { ok: results.every(([, result]) => result.ok), checks: Object.fromEntries(results) };
    }
}

async function run(check: Check): Promise<CheckResult> {
    try {
        return await check();
    } catch (error) {
        return { ok: false, reason: error instanceof Error ? error.message : String(error) };
    }
}
