import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ProcessGroup } from './processes';

const root = join(__dirname, '../../..');

export interface DemoSummary {
    readonly paid: number;
    readonly refunded: number;
    readonly slashed: number;
    readonly items: number;
    readonly tokens: number;
    readonly conserved: boolean;
    readonly feesNano: number;
    readonly seconds: number;
}

/** The demo with `--keep`: after it showed everything, its network and its workers stay for the tests. */
export class KeptNetwork {
    private constructor(
        private readonly group: ProcessGroup,
        readonly output: string,
        readonly summary: DemoSummary,
        /** The variables that the demo tells people to export. */
        readonly environment: Readonly<Record<string, string>>,
    ) {}

    static async start(): Promise<KeptNetwork> {
        // As `npm run demo` does after its set-up.
        const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
        const command = scripts.demo.split(' && ').at(-1);
        const group = new ProcessGroup('bash', ['-c', `exec ${command} --keep --json`], { cwd: root });
        try {
            const [, json] = await group.prints(/^(\{"paid".*\})$/m);
            const output = stripVTControlCharacters(group.stdout);
            const exports = output.matchAll(/^ {2}export (COCOON_\w+)=(\S+)$/gm);
            const environment = Object.fromEntries([...exports].map(([, name, value]) => [name, value]));
            return new KeptNetwork(group, output, JSON.parse(json!), environment);
        } catch (error) {
            group.kill();
            throw error;
        }
    }

    get url(): string {
        return this.environment.COCOON_ENDPOINT!;
    }

    /** Ctrl-C. What is still running afterwards is killed, and reported. */
    async stop(): Promise<{ code: number | null; left: boolean }> {
        const code = await this.group.interrupt();
        const left = this.group.alive;
        this.group.kill();
        return { code, left };
    }
}
