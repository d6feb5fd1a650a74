import { toFile } from 'openai';
import { until } from '../../../helpers/until';
import type { GatewayFixture } from '../../helpers/inference/fixture';
import { SCRIPTED } from '../../helpers/inference/world';

export function batchTests(fixture: () => GatewayFixture): void {
    const line = (id: number, content: string) =>
        JSON.stringify({
            custom_id: `request-${id}`,
            method: 'POST',
            url: '/v1/chat/completions',
            body: {
                model: SCRIPTED.name,
                messages: [{ role: 'user', content }],
                max_tokens: 16,
            },
        });

    it('runs a batch as a job and gives its answers by custom_id', async () => {
        const openai = fixture().openai();
        const lines = Array.from({ length: 5 }, (_, i) => line(i, `say answer ${i}`));
        const input = await openai.files.create({
            file: await toFile(Buffer.from(lines.join('\n')), 'input.jsonl'),
            purpose: 'batch',
        });
        expect(input).toMatchObject({ object: 'file', purpose: 'batch', filename: 'input.jsonl' });
        const { id } = await openai.batches.create({
            input_file_id: input.id,
            endpoint: '/v1/chat/completions',
            completion_window: '24h',
            metadata: { night: 'shift' },
        });
        const batch = await until(
            async () => {
                const now = await openai.batches.retrieve(id);
                return ['completed', 'failed', 'expired'].includes(now.status) && now;
            },
            { timeout: 80_000, every: 200 },
        );
        expect(batch).toMatchObject({
            status: 'completed',
            metadata: { night: 'shift' },
            request_counts: { total: 5, completed: 5, failed: 0 },
        });
        const output = await (await openai.files.content(batch.output_file_id!)).text();
        const answers = output
            .trim()
            .split('\n')
            .map((text) => JSON.parse(text))
            .map(({ custom_id, response }) => [custom_id, response.body.choices[0].message.content]);
        expect(Object.fromEntries(answers)).toEqual(
            Object.fromEntries(lines.map((_, i) => [`request-${i}`, `answer ${i}`])),
        );
    });

    it('lists and deletes files, and shows nobody those of another key', async () => {
        const openai = fixture().openai();
        const file = await openai.files.create({
            file: await toFile(Buffer.from(line(1, 'say hi')), 'mine.jsonl'),
            purpose: 'batch',
        });
        expect((await openai.files.list()).data.map(({ id }) => id)).toContain(file.id);
        const other = fixture().openai(fixture().poorKey);
        await expect(other.files.retrieve(file.id)).rejects.toMatchObject({
            status: 404,
            code: 'file_not_found',
        });
        expect(await openai.files.delete(file.id)).toMatchObject({ deleted: true });
        await expect(openai.files.retrieve(file.id)).rejects.toMatchObject({ code: 'file_not_found' });
    });

    it('refuses a batch of lines that are none', async () => {
        const openai = fixture().openai();
        const file = await openai.files.create({
            file: await toFile(Buffer.from('not a line'), 'bad.jsonl'),
            purpose: 'batch',
        });
        const create = openai.batches.create({
            input_file_id: file.id,
            endpoint: '/v1/chat/completions',
            completion_window: '24h',
        });
        // As at OpenAI: refused at once, or failed while it is read.
        const result = await create.catch((error) => ({ status: 'failed', code: error.code as string }));
        const refused = result as { id?: string; status: string };
        const batch = await until(async () => {
            const now = refused.id === undefined ? refused : await openai.batches.retrieve(refused.id);
            return now.status !== 'validating' && now;
        });
        expect(batch.status).toBe('failed');
    });
}
