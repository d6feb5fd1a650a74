/** Fields as text, so that addresses and large numbers compare. */
export function flat(data: object): Record<string, string> {
    return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, String(value)]));
}
