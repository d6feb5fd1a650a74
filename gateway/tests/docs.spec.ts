import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { API_ERRORS, parseConfig } from '../src';

const page = join(__dirname, '../../docs/runbooks/gateway.md');
const marker = '<!-- What follows is generated: UPDATE_DOCS=1 npx jest gateway/tests/docs.spec.ts -->\n';

function errorTable(): string {
    const rows = Object.entries(API_ERRORS).map(
        ([code, [status, , message, remedy]]) => `| \`${code}\` | ${status} | ${message} | ${remedy} |`,
    );
    return `\n| code | status | what happened | what to do |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

it('the runbook has every error of the gateway', () => {
    const [introduction, table] = readFileSync(page, 'utf8').split(marker);
    if (process.env.UPDATE_DOCS === '1') writeFileSync(page, `${introduction}${marker}${errorTable()}`);
    else expect(table).toBe(errorTable());
});

it('the example is a whole configuration with the defaults', () => {
    const example = parse(readFileSync(join(__dirname, '../gateway.example.yaml'), 'utf8'));
    const config = parseConfig(example);
    const defaults = parseConfig({ network: example.network });
    const { network: _network, routing, secrets, ...rest } = config;
    const { network: _same, routing: _routing, secrets: _secrets, ...plain } = defaults;
    expect(rest).toEqual(plain);
    expect(routing.maxPrices).toMatchObject({ promptPer1M: 500_000_000n, completionPer1M: 2_000_000_000n });
    expect(secrets.file).toBe('gateway-secrets.yaml');
});
