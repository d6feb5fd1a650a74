// `npm run demo`: paid inference; with `--cheat`, what happens to a node that answers with another model.
import { parseArgs } from 'node:util';

// Each of both takes its own options seriously.
const { values } = parseArgs({ options: { cheat: { type: 'boolean', default: false } }, strict: false });
if (values.cheat) await import('./cheat/main');
else await import('./inference');
