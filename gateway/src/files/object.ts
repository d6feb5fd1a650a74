import type { StoredFile } from './files';

/** A file as the OpenAI API shows it. */
export function fileObject(file: StoredFile) {
    return {
        id: file.id,
        object: 'file',
        bytes: file.bytes,
        created_at: Math.floor(file.createdAt.getTime() / 1000),
        filename: file.name,
        purpose: file.purpose,
        status: 'processed',
    };
}
