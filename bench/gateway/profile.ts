import { readFileSync } from 'node:fs';

interface CpuProfile {
    readonly nodes: readonly {
        id: number;
        callFrame: { functionName: string; url: string; lineNumber: number };
    }[];
    readonly samples: readonly number[];
    readonly timeDeltas: readonly number[];
}

const TOP = 25;

/** Where a process spent its time by itself (not in what it called): a table in Markdown, the largest first. */
export function profileTable(file: string): string {
    const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
    const nameOf = new Map(nodes.map(({ id, callFrame }) => [id, describe(callFrame)]));
    const times = new Map<string, number>();
    let busy = 0;
    for (const [i, id] of samples.entries()) {
        const name = nameOf.get(id)!;
        if (name === '(idle)' || name === '(root)') continue;
        const time = timeDeltas[i]! / 1_000;
        busy += time;
        times.set(name, (times.get(name) ?? 0) + time);
    }
    const rows = [...times]
        .sort(([, a], [, b]) => b - a)
        .slice(0, TOP)
        .map(([name, ms]) => `| ${name} | ${((100 * ms) / busy).toFixed(1)} % |`);
    return ['| function | of the busy time |', '| --- | --- |', ...rows].join('\n');
}

function describe({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
    const name = functionName || '(anonymous)';
    if (url === '') return name;
    const [file] = /[^/]+(\/[^/]+)?$/.exec(url.replace(/-\d+(?=\.mjs$)/, '')) ?? [url];
    // The bundles of gateway and worker have a number in their name; what they bundle is told by the function.
    return file.startsWith('.cache/') ? `${name}, line ${lineNumber + 1}` : `${name} (${file})`;
}
