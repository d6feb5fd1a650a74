const Sequencer = require('@jest/test-sequencer').default;

/** What takes half a minute and more. A fresh clone has no record of durations: Jest would go by the size of the files. */
const longest = [
    'tests/invariants/invariants',
    'tests/e2e/demo',
    'tests/e2e/gateway-crash',
    'tests/e2e/gateway',
    'tests/invariants/harness',
    'tests/vault/invariants/invariants',
    'tests/gas/minimum-value',
    'tests/node/state-table',
    'tests/e2e/chat-demo',
    'tests/e2e/cheat-demo',
    'reference-worker/tests/services/crash',
    'reference-worker/tests/verifier/verifier',
    'reference-worker/tests/cli',
    'reference-worker/tests/services/duty',
    'reference-worker/tests/jury/crash',
    'tests/races/pairs',
    'tests/dispute/state-table',
].map((spec) => `/${spec}.spec.ts`);

/** Longest files first, so that no processor is left alone with one at the end. */
module.exports = class LongestFirst extends Sequencer {
    sort(tests) {
        const place = ({ path }) => {
            const found = longest.findIndex((spec) => path.replaceAll('\\', '/').endsWith(spec));
            return found < 0 ? longest.length : found;
        };
        return super.sort(tests).toSorted((a, b) => place(a) - place(b));
    }
};
