import { DevnetError } from '../errors';

/** An error as toncenter reports it: an HTTP status and a text. */
export class RpcError extends Error {
    override readonly name = 'RpcError';

    constructor(
        readonly status: number,
        message: string,
    ) {
        super(message);
    }
}

export const badRequest = (message: string) => new RpcError(400, message);
export const invalidParameter = (message: string) => new RpcError(422, message);
/** toncenter answers 416 for an address that it cannot read. */
export const badAddress = () => new RpcError(416, 'Incorrect address');
export const notFound = (message: string) => new RpcError(404, message);
/** Errors of the node behind the API carry this status. */
export const nodeError = (message: string) => new RpcError(500, message);

/** The error to answer with, whatever was thrown. */
export function toRpcError(error: unknown): RpcError {
    if (error instanceof RpcError) return error;
    if (error instanceof DevnetError) {
        return new RpcError(error.code === 'CHAIN_STOPPED' ? 503 : 400, error.message);
    }
    return nodeError(error instanceof Error ? error.message : String(error));
}
