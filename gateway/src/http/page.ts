import { ApiError } from './api-error';

const MAX_LIMIT = 10_000;

/** `limit` of a list's query. Throws ApiError `invalid_request`. */
export function pageLimit(text: string | undefined, byDefault: number): number {
    if (text === undefined) return byDefault;
    const limit = Number(text);
    if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
    throw new ApiError('invalid_request', {
        param: 'limit',
        message: `limit must be a whole number from 1 to ${MAX_LIMIT}.`,
    });
}

/** A list as the OpenAI API pages it; `items` has one more than asked for where more follow. */
export function listPage<T extends { id: string }>(items: readonly T[], limit: number) {
    const data = items.slice(0, limit);
    return {
        object: 'list',
        data,
        first_id: data[0]?.id ?? null,
        last_id: data.at(-1)?.id ?? null,
        has_more: items.length > limit,
    };
}
