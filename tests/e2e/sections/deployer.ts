import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ProcessGroup, run } from '../helpers/processes';
import { codeBlock, commands, root } from '../helpers/readme';
import { Workspace } from '../helpers/workspace';

/** What deployProtocol writes; one that a developer has stays. */
const DEPLOYED = join(root, 'networks/local.deployed.json');
const ADDRESS = 'EQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAM9c';

/** `npx cocoon-devnet` and `npx blueprint`, exactly as the READMEs have them but for the port. */
export function deployerTests(): void {
    const running: ProcessGroup[] = [];
    const workspaces: Workspace[] = [];
    const start = (command: string, cwd: string) => {
        const group = new ProcessGroup('bash', ['-c', command], { cwd });
        running.push(group);
        return group;
    };

    let developers: string | undefined;
    beforeAll(() => {
        if (existsSync(DEPLOYED)) developers = readFileSync(DEPLOYED, 'utf8');
        rmSync(DEPLOYED, { force: true });
    });
    afterAll(() => {
        rmSync(DEPLOYED, { force: true });
        if (developers !== undefined) writeFileSync(DEPLOYED, developers);
    });
    afterEach(() => {
        for (const group of running.splice(0)) group.kill();
        for (const workspace of workspaces.splice(0)) workspace.dispose();
    });

    it('deploys a network on a fresh chain', async () => {
        const [, network, variables, deploy] = commands('README.md', 'npm run build');
        const port = await freePort();
        const here = (command: string) => command.replace('8081', String(port));
        const devnet = start(here(network!), root);
        const [, mnemonic] = await devnet.prints(/\bv5r1 {2}\S+\n +((?:[a-z]+ ){23}[a-z]+)\n/);

        const yes = (command: string) =>
            run('bash', ['-c', `${here(command).replace('<24 words it printed>', mnemonic!)} --yes`], {
                cwd: root,
            }).then(stripVTControlCharacters);
        expect(await yes(`${variables} && ${deploy}`)).toMatch(
            /✓ .+[\s\S]*Registry EQ\S+; written to .*local\.deployed\.json/,
        );
        expect(existsSync(DEPLOYED)).toBe(true);
        // The devnet's README shows Blueprint with any script.
        const [any] = commands('devnet/README.md', 'WALLET_MNEMONIC=');
        const show = any!.replace('<script>', 'showNetwork');
        expect(await yes(`${show} -- networks/local.json`)).toContain('No proposal is pending');
    });

    it('starts a local network in each way of the README', async () => {
        const workspace = Workspace.withPackages();
        workspaces.push(workspace);
        const ways = commands('devnet/README.md', 'npx cocoon-devnet');
        expect(ways).toHaveLength(5);
        for (const way of ways) {
            const devnet = start(`${way.replace('EQ…', ADDRESS)} --port 0`, workspace.folder);
            await devnet.prints(/http:\/\/127\.0\.0\.1:\d+\/jsonRPC[\s\S]*\n/);
            await devnet.interrupt();
            expect(devnet.alive).toBe(false);
        }
        expect(existsSync(workspace.path('chain.journal'))).toBe(true);
    });

    it('runs a local network in its own process', async () => {
        const workspace = Workspace.withPackages();
        workspaces.push(workspace);
        const source = codeBlock('devnet/README.md', "import { createDevnet } from 'cocoon-devnet';");
        workspace.write('in-process.mjs', `${source.replace('EQ…', ADDRESS)}console.log(conserved);\n`);
        const output = await run(process.execPath, ['in-process.mjs'], { cwd: workspace.folder });
        expect(output).toBe('true\n');
    });

    it.each(['cocoon-devnet', 'cocoon-worker'])('explains %s', async (name) => {
        const workspace = Workspace.withPackages();
        workspaces.push(workspace);
        const output = await run('npx', [name, '--help'], { cwd: workspace.folder });
        expect(output).toContain(`Usage: ${name}`);
    });
}

async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    return port;
}
