import { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { GatewayContext } from '../context';
import { type Draft, type Files, fileObject, type StoredFile } from '../files';
import { ApiError } from '../http/api-error';
import { listPage, pageLimit } from '../http/page';

type ListQuery = { limit?: string; after?: string; purpose?: string; order?: string };
type WithId = { Params: { id: string } };

const PURPOSES = ['batch', 'user_data', 'fine-tune', 'assistants', 'vision', 'evals'];

/** /v1/files: upload, list, look, read, delete. */
export function fileRoutes({ config }: GatewayContext, files: Files): FastifyPluginAsync {
    return async (app) => {
        await app.register(multipart, {
            limits: { fileSize: config.limits.fileBytes, files: 1, fields: 16, fieldSize: 4096 },
        });
        // Files are far larger than other bodies; the limit of the file itself ends what is too long.
        app.post('/files', { bodyLimit: config.limits.fileBytes + 65_536 }, async (request) =>
            fileObject(await upload(request, files)),
        );
        app.get<{ Querystring: ListQuery }>('/files', async ({ apiKey, query }) => {
            const limit = pageLimit(query.limit, 10_000);
            const ascending = query.order === 'asc';
            const { after, purpose } = query;
            const found = await files.list(apiKey.id, { limit: limit + 1, after, purpose, ascending });
            return listPage(found.map(fileObject), limit);
        });
        app.get<WithId>('/files/:id', async ({ apiKey, params }) =>
            fileObject(await files.get(apiKey.id, params.id)),
        );
        app.get<WithId>('/files/:id/content', async ({ apiKey, params }, reply) => {
            const { id, bytes } = await files.get(apiKey.id, params.id);
            reply.header('content-type', 'application/octet-stream').header('content-length', bytes);
            return reply.send(Readable.from(files.content(id)));
        });
        app.delete<WithId>('/files/:id', async ({ apiKey, params }) => {
            await files.delete(apiKey.id, params.id);
            return { id: params.id, object: 'file', deleted: true };
        });
    };
}

/** Clients send the fields in any order, so that the file is stored before it is known what it is for. */
async function upload(request: FastifyRequest, files: Files): Promise<StoredFile> {
    let purpose: unknown;
    let name = 'file';
    let draft: Draft | undefined;
    try {
        for await (const part of request.parts()) {
            if (part.type === 'field') {
                if (part.fieldname === 'purpose') purpose = part.value;
                continue;
            }
            name = part.filename || name;
            draft = await files.write(part.file);
            if (part.file.truncated) throw new ApiError('file_too_large', { param: 'file' });
        }
        if (draft === undefined) {
            throw new ApiError('file_invalid', { param: 'file', message: 'The upload has no file.' });
        }
        if (typeof purpose !== 'string' || !PURPOSES.includes(purpose)) {
            throw new ApiError('file_invalid', {
                param: 'purpose',
                message: `purpose must be one of ${PURPOSES.join(', ')}.`,
            });
        }
        return await files.keep(draft, { keyId: request.apiKey.id, purpose, name });
    } catch (error) {
        if (draft) await files.discard(draft.id);
        throw error;
    }
}
