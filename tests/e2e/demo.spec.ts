// From the demo's first line to its Ctrl-C, and in between everything that the READMEs tell people to do with a network
// that is up. One file, because one network and one build serve all of it.
import { KeptNetwork } from './helpers/kept-network';
import { run } from './helpers/processes';
import { commands, root } from './helpers/readme';
import { deployerTests } from './sections/deployer';
import { operatorTests } from './sections/operator';
import { outputTests } from './sections/output';
import { packedSdkTests } from './sections/packed-sdk';

jest.setTimeout(420_000);

let kept: KeptNetwork;
let stopped: ReturnType<KeptNetwork['stop']> | undefined;

beforeAll(async () => {
    const [build] = commands('README.md', 'npm run build');
    await run('bash', ['-c', build!], { cwd: root });
    kept = await KeptNetwork.start();
});
afterAll(() => stopped ?? kept?.stop());

describe('what the demo shows', () => outputTests(() => kept));
describe('an application with the packed SDK', () => packedSdkTests(() => kept));
describe('an operator', () => operatorTests(() => kept));
describe('a deployer', () => deployerTests());

it('ends on Ctrl-C with code 0 and leaves no process behind', async () => {
    stopped = kept.stop();
    expect(await stopped).toEqual({ code: 0, left: false });
});
