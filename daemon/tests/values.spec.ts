import { parseAmount } from '../src';

test('amounts', () => {
    expect(parseAmount('0.25 TON')).toBe(250_000_000n);
    expect(parseAmount('1ton')).toBe(1_000_000_000n);
    expect(parseAmount(12)).toBe(12n);
    expect(parseAmount('340282366920938463463374607431768211455')).toBe(2n ** 128n - 1n);
    for (const bad of ['-1', '1.5', '0.0000000001 TON', -1, 1.5, null, '1 nano'])
        expect(parseAmount(bad)).toBeUndefined();
});
