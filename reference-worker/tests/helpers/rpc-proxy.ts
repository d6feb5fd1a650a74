import { listen, type TestServer } from './http';

/** One call on its way from the worker to the network. */
export interface ProxiedCall {
    /** 1, 2, 3… since `reset`. */
    number: number;
    method: string;
    /** 1, 2, 3… among the calls of this method. */
    ofMethod: number;
}

type Hook = (call: ProxiedCall) => boolean | undefined;

/** Stands between a worker and the network. Hooks see each call before and after it and cut the connection by `true`. */
export class RpcProxy {
    before: Hook = () => undefined;
    after: Hook = () => undefined;
    #counts = new Map<string, number>();
    #total = 0;

    private constructor(private readonly server: TestServer) {}

    static async start(target: string): Promise<RpcProxy> {
        const server = await listen(async (request, response) => {
            const chunks: Buffer[] = [];
            for await (const chunk of request) chunks.push(chunk as Buffer);
            const body = Buffer.concat(chunks).toString();
            const call = proxy.#count(JSON.parse(body).method as string);
            if (proxy.before(call)) return void response.destroy();
            const answer = await fetch(target, {
                method: 'POST',
                headers: { 'content-type': 'application/json' },
                body,
            });
            const text = await answer.text();
            if (proxy.after(call)) return void response.destroy();
            response.writeHead(answer.status, { 'content-type': 'application/json' });
            response.end(text);
        });
        const proxy = new RpcProxy(server);
        return proxy;
    }

    get url(): string {
        return `${this.server.url}/jsonRPC`;
    }

    reset(): void {
        this.#counts = new Map();
        this.#total = 0;
        this.before = () => undefined;
        this.after = () => undefined;
    }

    close(): Promise<void> {
        return this.server.close();
    }

    #count(method: string): ProxiedCall {
        const ofMethod = (this.#counts.get(method) ?? 0) + 1;
        this.#counts.set(method, ofMethod);
        return { number: ++this.#total, method, ofMethod };
    }
}
