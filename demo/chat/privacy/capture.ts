import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { needlesOf } from './needles';
import { type Leak, Search } from './search';

/** What was searched and what was found in it. */
export interface Findings {
    readonly files: number;
    readonly bytes: number;
    readonly leaks: readonly Leak[];
}

export interface Inspection {
    /** Files that nobody but their owner should be able to read anything from. */
    readonly sealed: Findings;
    /** Answers to the application, which are readable: texts that the same search found there. */
    readonly readable: { readonly bytes: number; readonly texts: ReadonlySet<string> };
}

/** Every file below a folder: captured sockets, journals, databases, logs, saved metrics. */
function filesBelow(folder: string): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => statSync(file).size > 0);
}

/**
 * Searches everything below a folder for prompts and answers. What the capture kept of the gateway's API is apart: that
 * the search finds the answers there shows that it would find them elsewhere.
 */
export function inspect(folder: string, texts: readonly string[]): Inspection {
    const search = new Search(needlesOf(texts));
    const sealed = { files: 0, bytes: 0, leaks: [] as Leak[] };
    const readable = { bytes: 0, texts: new Set<string>() };
    for (const file of filesBelow(folder)) {
        const content = readFileSync(file);
        const found = search.in(content, file.slice(folder.length + 1));
        if (file.endsWith('.api')) {
            readable.bytes += content.length;
            for (const { needle } of found) readable.texts.add(needle.text);
        } else {
            sealed.files++;
            sealed.bytes += content.length;
            sealed.leaks.push(...found);
        }
    }
    return { sealed, readable };
}
