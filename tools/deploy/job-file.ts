import type { PostJobParameters } from 'cocoon-sdk';
import { JsonFields } from './json-fields';

/** A plain order from a file: prompts, a price, and whom it is for. Everything else has the SDK's defaults. */
export function loadJob(file: string): PostJobParameters {
    const fields = JsonFields.load(file);
    const windows = ['rampSeconds', 'claimWindow', 'keyWindow', 'executionWindow', 'reviewWindow'] as const;
    const order: PostJobParameters = {
        modelId: fields.hash('modelId'),
        items: readItems(fields),
        maxPrice: fields.ton('maxPrice'),
        startPrice: fields.has('startPrice') ? fields.ton('startPrice') : undefined,
        collateral: fields.has('collateral') ? fields.ton('collateral') : undefined,
        node: fields.has('node') ? fields.integer('node', { min: 0 }) : undefined,
        ...Object.fromEntries(
            windows.filter((name) => fields.has(name)).map((name) => [name, fields.duration(name)]),
        ),
    };
    fields.done();
    return order;
}

function readItems(fields: JsonFields): PostJobParameters['items'] {
    const max_tokens = fields.has('maxTokens') ? fields.integer('maxTokens', { min: 1 }) : undefined;
    const items = fields.strings('prompts', 'a prompt, which is not empty').map((content) => ({
        messages: [{ role: 'user' as const, content }],
        ...(max_tokens === undefined ? {} : { max_tokens }),
    }));
    return items.length > 0 ? items : fields.fail('prompts', 'at least one prompt');
}
