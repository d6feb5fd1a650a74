import { apply, diffOf, type Mutant, mutantsOf } from '../../tools/mutation/operators';
import { tokensOf } from '../../tools/mutation/tokens';

const FILE = 'contracts/x/x.tact';

/** What the mutants of a source look like, without those of other operators. */
function changes(source: string, operator: Mutant['operator']): string[] {
    return mutantsOf(FILE, source)
        .filter((mutant) => mutant.operator === operator)
        .map((mutant) => apply(source, mutant));
}

const inFunction = (code: string) => `fun f(x: Int): Int { ${code} }`;

describe('tokens', () => {
    it('knows strings, comments and numbers, and where they stand', () => {
        const source = 'a /* < */ <= "b < \\" 1" // == 2\n 0x1F_00';
        const tokens = tokensOf(source);
        expect(tokens.map(({ text }) => text)).toEqual(['a', '<=', '"b < \\" 1"', '0x1F_00']);
        for (const { text, start, end } of tokens) expect(source.slice(start, end)).toBe(text);
    });
});

describe('comparison', () => {
    it.each([
        ['<', '<='],
        ['<=', '<'],
        ['>', '>='],
        ['>=', '>'],
        ['==', '!='],
        ['!=', '=='],
        ['&&', '||'],
        ['||', '&&'],
    ])('%s becomes %s', (from, to) => {
        expect(changes(inFunction(`return x ${from} y;`), 'comparison')).toEqual([
            inFunction(`return x ${to} y;`),
        ]);
    });

    it('leaves shifts, types, strings and comments alone', () => {
        const source = inFunction('let m: map<Int as uint8, Cell> = f("a < b", x << 2, y >> 1); // x == y\n');
        expect(changes(source, 'comparison')).toEqual([]);
    });
});

describe('constant', () => {
    it('is one more, one less, nothing, doubled', () => {
        expect(changes(inFunction('return 5;'), 'constant')).toEqual(
            ['6', '4', '0', '10'].map((other) => inFunction(`return ${other};`)),
        );
    });

    it('is not changed to itself or twice to the same', () => {
        expect(changes(inFunction('return 0;'), 'constant')).toEqual([
            inFunction('return 1;'),
            inFunction('return (-1);'),
        ]);
        expect(changes(inFunction('return 1;'), 'constant')).toEqual([
            inFunction('return 2;'),
            inFunction('return 0;'),
        ]);
    });

    it('can be an amount, and the value of a declared constant', () => {
        expect(changes('const TIP: Int = ton("0.02");', 'constant')).toEqual([
            'const TIP: Int = 0;',
            'const TIP: Int = 40000000;',
        ]);
        expect(changes('const MASK: Int = 0x0f;', 'constant')).toContain('const MASK: Int = 16;');
    });

    it('is none in declarations, assembly and names', () => {
        const source = [
            'message(0x0c0c0001) M { a: Int as uint32 = 7; }',
            'struct S { a: Int as uint8; }',
            'asm fun g(x: Int): Int { 8 PUSHINT DICTUGET 452 THROWIFNOT }',
            'fun h(uint8: Int);',
            'fun k() { x256(); }',
        ].join('\n');
        expect(mutantsOf(FILE, source)).toEqual([]);
    });
});

describe('removed check', () => {
    it.each([
        'throwUnless(E, a(b));',
        'throwIf(E, x);',
        'requireClient(data);',
        'checkSize(cell, y);',
        'throw(E);',
    ])('removes %s', (check) => {
        const source = inFunction(`let y = x; ${check} return y;`);
        expect(changes(source, 'removed check')).toEqual([inFunction('let y = x;  return y;')]);
    });

    it('leaves calls whose value is used and functions of other names', () => {
        const source = inFunction('let a = requireValue(x); let b = f(checkSize(x)); save(x); return a;');
        expect(changes(source, 'removed check')).toEqual([]);
    });
});

describe('send mode', () => {
    it('drops each flag, and takes the balance for the value', () => {
        const of = (mode: string) => inFunction(`send(x, ${mode});`);
        expect(changes(of('SendRemainingValue | SendIgnoreErrors'), 'send mode')).toEqual([
            of('0 | SendIgnoreErrors'),
            of('SendRemainingBalance | SendIgnoreErrors'),
            of('SendRemainingValue | 0'),
        ]);
    });
});

describe('removed bounce', () => {
    it('empties the handler', () => {
        const source = 'contract C { bounced(msg: Slice) { self.x += 1; } receive(m: M) { } }';
        expect(changes(source, 'removed bounce')).toEqual([
            'contract C { bounced(msg: Slice) {} receive(m: M) { } }',
        ]);
    });
});

describe('a mutant', () => {
    it('knows its line, and shows it before and after', () => {
        const source = 'fun f() {\n    g();\n    throwUnless(\n        E,\n        a\n    );\n}\n';
        const mutant = mutantsOf(FILE, source).find(({ operator }) => operator === 'removed check')!;
        expect(mutant.line).toBe(3);
        expect(diffOf(source, mutant)).toEqual({ before: 'throwUnless( E, a );', after: '' });
    });
});
