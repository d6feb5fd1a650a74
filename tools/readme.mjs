// Fills the README from what is tested: code blocks that begin with `// docs/examples/…` get that file, the block behind
// `<!-- gas -->` the gas ledger. `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'README.md');
const shown = [
    'register node',
    'whole job, direct',
    'whole job, open',
    'post job, direct',
    'claim',
    'submit result',
    'accept result',
    'whole session',
    'open vault, 1 allocation',
    'redeem, 1 allocation',
    'redeem, 128 allocations',
];

export function filledReadme(text = readFileSync(target, 'utf8')) {
    return text
        .replace(/```js\n\/\/ (docs\/examples\/\S+)\n[\s\S]*?```/g, (_, file) => {
            const source = readFileSync(join(root, file), 'utf8').replace(/^(\/\/.*\n)+/, '');
            return `\`\`\`js\n// ${file}\n${source}\`\`\``;
        })
        .replace(/<!-- gas -->\n[\s\S]*?(?=\nLicensed)/, () => `<!-- gas -->\n\n${gasTable()}\n`);
}

function gasTable() {
    const { ops } = JSON.parse(readFileSync(join(root, 'bench', 'gas', 'ledger.json'), 'utf8'));
    const rows = shown
        .filter((name) => ops[name])
        .map((name) => {
            const { gas, tx, feeNano } = ops[name];
            const ton = (Number(feeNano) / 1e9).toFixed(4);
            return `| ${name} | ${Number(gas).toLocaleString('en-US')} | ${tx} | ${ton} |`;
        });
    return ['| operation | gas | transactions | fees, TON |', '| --- | --- | --- | --- |', ...rows].join(
        '\n',
    );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const wanted = filledReadme();
    if (!process.argv.includes('--check')) {
        writeFileSync(target, wanted);
    } else if (readFileSync(target, 'utf8') !== wanted) {
        console.error('README.md is not up to date; run `npm run readme` and commit it.');
        process.exit(1);
    }
}
