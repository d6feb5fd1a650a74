// Looking up a global costs more than the multiplication where tests run.
const { imul } = Math;

/** Seeded uniform numbers in [0, 1) with 32 bits (xoshiro128**), fast enough for a billion of them. */
export function uniform(seed: number): () => number {
    let [a, b, c, d] = [0, 1, 2, 3].map((i) => mix(seed + i * 0x9e3779b9)) as [
        number,
        number,
        number,
        number,
    ];
    return () => {
        const product = imul(b, 5);
        const result = imul((product << 7) | (product >>> 25), 9) >>> 0;
        const t = b << 9;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= t;
        d = (d << 11) | (d >>> 21);
        return result / 2 ** 32;
    };
}

/** Finaliser of MurmurHash3: neighbouring seeds start far apart. */
function mix(value: number): number {
    let mixed = imul(value ^ (value >>> 16), 0x85ebca6b);
    mixed = imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return mixed ^ (mixed >>> 16) || 1;
}
