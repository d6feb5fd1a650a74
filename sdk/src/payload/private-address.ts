/**
 * Whether an IP address (dotted IPv4 or IPv6, brackets allowed) is not a public unicast one: loopback, private,
 * link-local, carrier-grade NAT, benchmarking, documentation, multicast, reserved, or an IPv6 form of such an IPv4.
 * Anything that is not an IP address counts as private, so that a caller's mistake fails closed.
 */
export function isPrivateIp(ip: string): boolean {
    const bare = ip.replace(/^\[|\]$/g, '').split('%')[0]!;
    const v4 = parseIpv4(bare);
    if (v4 !== undefined) return isPrivateIpv4(v4);
    const v6 = parseIpv6(bare);
    return v6 === undefined || isPrivateIpv6(v6);
}

/** Whether a URL's host name is an IP literal, brackets allowed. */
export function isIpLiteral(host: string): boolean {
    return parseIpv4(host) !== undefined || host.startsWith('[');
}

/** Names that always mean this machine or its local network. */
export function isLocalHostname(host: string): boolean {
    const name = host.toLowerCase().replace(/\.$/, '');
    return (
        !name.includes('.') || /\.(localhost|local|internal|lan|home|home\.arpa|intranet|corp)$/.test(name)
    );
}

function parseIpv4(text: string): number | undefined {
    const parts = text.split('.');
    if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) {
        return undefined;
    }
    return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

// Network, prefix length. From the IANA special-purpose registry.
const PRIVATE_V4: readonly (readonly [string, number])[] = [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 3],
];

function isPrivateIpv4(ip: number): boolean {
    return PRIVATE_V4.some(([network, bits]) => {
        const size = 2 ** (32 - bits);
        return Math.floor(ip / size) === Math.floor(parseIpv4(network)! / size);
    });
}

/** Eight groups of 16 bits. */
function parseIpv6(text: string): number[] | undefined {
    const halves = text.split('::');
    if (halves.length > 2 || !text.includes(':')) return undefined;
    const [head, tail] = [parseGroups(halves[0]!), parseGroups(halves[1] ?? '')];
    if (head === undefined || tail === undefined) return undefined;
    const missing = 8 - head.length - tail.length;
    if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
    return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

function parseGroups(text: string): number[] | undefined {
    if (text === '') return [];
    const groups: number[] = [];
    for (const part of text.split(':')) {
        const v4 = parseIpv4(part);
        if (v4 !== undefined) groups.push(Math.floor(v4 / 65_536), v4 % 65_536);
        else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
        else return undefined;
    }
    return groups;
}

function isPrivateIpv6(groups: readonly number[]): boolean {
    const [g0, g1] = [groups[0]!, groups[1]!];
    // Only 2000::/3 is global unicast; everything else (::1, fc00::/7, fe80::/10, ff00::/8, mapped IPv4) is not.
    if (g0 >> 13 !== 1) {
        return true;
    }
    // 6to4 embeds an IPv4 address after 2002; 2001::/23 (Teredo, ORCHID…) and 2001:db8::/32 are special.
    if (g0 === 0x2002) return isPrivateIpv4(g1 * 65_536 + groups[2]!);
    return g0 === 0x2001 && (g1 < 0x0200 || g1 === 0x0db8);
}
