import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory of its own for the calling spec file, removed afterwards. */
export function temporaryDirectory(): string {
    const directory = mkdtempSync(join(tmpdir(), 'cocoon-daemon-'));
    afterAll(() => rmSync(directory, { recursive: true, force: true }));
    return directory;
}
