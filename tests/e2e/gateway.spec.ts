// The gateway as applications see it: official clients, unmodified but for the base URL, against a gateway, a node, a node
// behind a relay, an inference server and a chain, all as processes that talk over sockets.
import { GatewayFixture } from './helpers/inference/fixture';
import { aiSdkTests } from './sections/inference/ai-sdk';
import { batchTests } from './sections/inference/batches';
import { browserTests } from './sections/inference/browser';
import { errorTests } from './sections/inference/errors';
import { langChainTests } from './sections/inference/langchain';
import { openAiTests } from './sections/inference/openai';
import { relayTests } from './sections/inference/relay';
import { sdkFetchTests } from './sections/inference/sdk-fetch';
import { settlementTests } from './sections/inference/settlement';

jest.setTimeout(120_000);

let fixture: GatewayFixture;

beforeAll(async () => {
    fixture = await GatewayFixture.start();
});
afterAll(() => fixture?.close());

describe('the official openai client', () => openAiTests(() => fixture));
describe('files and batches of the openai client', () => batchTests(() => fixture));
describe('errors as the openai client sees them', () => errorTests(() => fixture));
describe('@ai-sdk/openai-compatible', () => aiSdkTests(() => fixture));
describe('@langchain/openai', () => langChainTests(() => fixture));
describe('a node behind a relay', () => relayTests(() => fixture));
describe('a page in a browser', () => browserTests(() => fixture));
describe('an application without a gateway', () => sdkFetchTests(() => fixture));
describe('what it came to', () => settlementTests(() => fixture));
