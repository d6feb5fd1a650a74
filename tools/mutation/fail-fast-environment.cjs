// After the first failure nothing can change the verdict: what is left of the file is skipped, further files do not begin.
// Jest's own `bail` ends the process.
const { TestEnvironment } = require('jest-environment-node');

const KILLED = 'COCOON_MUTANT_KILLED';

module.exports = class FailFastEnvironment extends TestEnvironment {
    async setup() {
        if (process.env[KILLED]) throw new Error('A spec before this one has failed.');
        await super.setup();
    }

    handleTestEvent(event) {
        if (event.name === 'test_fn_failure' || event.name === 'hook_failure') process.env[KILLED] = '1';
        if (event.name === 'test_start' && process.env[KILLED]) event.test.mode = 'skip';
    }
};
