// What the simulations are checked against, and what needs none.

function binomial(n: number, k: number): number {
    let result = 1;
    for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
    return result;
}

/** Chance of k of n seats with a share of all stake, when the pool is large. */
export const seatsOf = (n: number, k: number, share: number) =>
    binomial(n, k) * share ** k * (1 - share) ** (n - k);

/** Chance of at least k of n seats with a share of all stake, when the pool is large. */
export function atLeast(n: number, k: number, share: number): number {
    let sum = 0;
    for (let i = k; i <= n; i++) sum += seatsOf(n, i, share);
    return sum;
}

/** Chance of at least k of n seats with `own` of `all` nodes of equal stake, each with one seat at most. */
export function atLeastOfPool(n: number, k: number, own: number, all: number): number {
    let sum = 0;
    for (let i = k; i <= Math.min(n, own); i++) sum += binomial(own, i) * binomial(all - own, n - i);
    return sum / binomial(all, n);
}
