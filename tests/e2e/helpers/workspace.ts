import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './readme';

/** A folder of its own outside the repository, removed by `dispose`. */
export class Workspace {
    /** The real path: what tools report, whatever links lead there. */
    readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'cocoon-e2e-')));

    /** A folder in which the packages of the repository are installed, as built. */
    static withPackages(): Workspace {
        const workspace = new Workspace();
        symlinkSync(join(root, 'node_modules'), workspace.path('node_modules'), 'dir');
        workspace.write('package.json', '{ "private": true, "type": "module" }');
        return workspace;
    }

    path(...parts: string[]): string {
        return join(this.folder, ...parts);
    }

    write(name: string, text: string): void {
        mkdirSync(join(this.path(name), '..'), { recursive: true });
        writeFileSync(this.path(name), text);
    }

    dispose(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}
