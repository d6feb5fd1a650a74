import { AbortedError, CocoonError, ERROR_CATALOGUE, InvalidArgumentError, isCocoonError } from '.';

describe('CocoonError', () => {
    it('carries what happened, what to do, and where to read about it', () => {
        const error = new CocoonError('rpc_timeout', 'No answer.', { details: { attempt: 3 } });
        expect(error.message).toBe(
            `No answer.\n${ERROR_CATALOGUE.rpc_timeout.remedy}\n(rpc_timeout, docs/errors.md#rpc_timeout)`,
        );
        expect(error).toMatchObject({
            name: 'CocoonError',
            code: 'rpc_timeout',
            shortMessage: 'No answer.',
            docsPath: 'docs/errors.md#rpc_timeout',
            details: { attempt: 3 },
        });
    });

    it('lets the place that knows the cause give its own remedy', () => {
        expect(new CocoonError('rpc_timeout', 'x', { remedy: 'Wait.' }).message).toContain('\nWait.\n');
    });

    it('finds an error in its chain of causes', () => {
        const inner = new AbortedError();
        const outer = new InvalidArgumentError('outer', { cause: new Error('middle', { cause: inner }) });
        expect(outer.find((e): e is AbortedError => e instanceof AbortedError)).toBe(inner);
        expect(outer.find((e): e is TypeError => e instanceof TypeError)).toBeUndefined();
    });

    it('is recognised by its code, also from another copy of the package', () => {
        const foreign = Object.assign(new Error('x'), {
            code: 'rpc_timeout',
            docsPath: 'docs/errors.md#rpc_timeout',
        });
        expect(isCocoonError(foreign, 'rpc_timeout')).toBe(true);
        expect(isCocoonError(foreign, 'watch_gap')).toBe(false);
        expect(isCocoonError(new Error('x'))).toBe(false);
        expect(isCocoonError('rpc_timeout')).toBe(false);
    });

    it('has a meaning and a remedy for every code, and codes that make good anchors', () => {
        for (const [code, entry] of Object.entries(ERROR_CATALOGUE)) {
            expect(code).toMatch(/^[a-z][a-z_]*$/);
            expect(entry.meaning).toMatch(/^[A-Z].*[.]$/s);
            expect(entry.remedy).toMatch(/^[A-Z].*[.]$/s);
        }
    });
});
