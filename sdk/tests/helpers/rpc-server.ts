import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type RpcRequest = {
    method: string;
    params: Record<string, unknown>;
    headers: IncomingMessage['headers'];
};
/** Answers a request: an object is sent as JSON; undefined leaves the connection to the handler. */
export type RpcHandler = (request: RpcRequest, response: ServerResponse) => object | undefined;

/** A tiny JSON-RPC server whose behaviour each test sets. */
export class TestRpcServer {
    readonly requests: RpcRequest[] = [];
    handler: RpcHandler = () => ({ ok: true, result: {} });

    private constructor(private readonly server: Server) {}

    static async start(): Promise<TestRpcServer> {
        const server = createServer();
        const self = new TestRpcServer(server);
        server.on('request', (request, response) => void self.serve(request, response));
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        return self;
    }

    get url(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/jsonRPC?api_key=s3cret`;
    }

    async stop(): Promise<void> {
        this.server.closeAllConnections();
        await new Promise((resolve) => this.server.close(resolve));
    }

    private async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
        let body = '';
        for await (const chunk of message) body += chunk;
        const { method, params } = JSON.parse(body);
        const request = { method, params, headers: message.headers };
        this.requests.push(request);
        const answer = this.handler(request, response);
        if (answer !== undefined) response.end(JSON.stringify(answer));
    }
}
