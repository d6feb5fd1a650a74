import { canonicalJson } from '.';

describe('canonicalJson', () => {
    it('gives the example of RFC 8785', () => {
        const value = {
            numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
            string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
            literals: [null, true, false],
        };
        expect(canonicalJson(value)).toBe(
            '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
                '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
        );
    });

    it('sorts members by UTF-16 code units, as RFC 8785 shows', () => {
        const value = {
            '\u20ac': 1,
            '\r': 2,
            '\ufb33': 3,
            '1': 4,
            '\ud83d\ude00': 5,
            '\u0080': 6,
            '\u00f6': 7,
        };
        expect(Object.values(JSON.parse(canonicalJson(value)) as object)).toEqual([4, 2, 6, 7, 1, 5, 3]);
        expect(canonicalJson(value).indexOf('\\r')).toBeLessThan(canonicalJson(value).indexOf('\u0080'));
    });

    it('says zero without its sign', () => {
        expect(canonicalJson([-0, 0])).toBe('[0,0]');
    });

    it.each<[string, unknown]>([
        ['undefined', { a: undefined }],
        ['NaN', Number.NaN],
        ['infinity', [Number.POSITIVE_INFINITY]],
        ['a bigint', 1n],
        ['a date', new Date(0)],
        ['a map', new Map()],
        ['a hole', Array(1)],
        ['a lone high surrogate', '\ud800x'],
        ['a lone low surrogate', { '\udc00': 1 }],
        ['endless depth', Array.from({ length: 70 }).reduce((inner) => [inner], null)],
    ])('refuses %s', (_, value) => {
        expect(() => canonicalJson(value)).toThrow('Canonical JSON');
    });
});
