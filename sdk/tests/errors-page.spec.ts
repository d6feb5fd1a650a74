import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderErrorTables } from './helpers/errors-page';

const page = join(__dirname, '../../docs/errors.md');
const marker = '<!-- What follows is generated: UPDATE_DOCS=1 npx jest sdk/tests/errors-page.spec.ts -->\n';

it('docs/errors.md has cause and remedy of every code', () => {
    const [introduction, tables] = readFileSync(page, 'utf8').split(marker);
    if (process.env.UPDATE_DOCS === '1') {
        writeFileSync(page, `${introduction}${marker}\n${renderErrorTables()}`);
        return;
    }
    expect(tables).toBe(`\n${renderErrorTables()}`);
});
