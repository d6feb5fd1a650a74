import type { NetworkProvider } from '@ton/blueprint';
import type { Address } from '@ton/core';
import type { NewOffer } from 'cocoon-wrappers';
import { MAX_OFFERS } from '../../build/Registry/Registry_Registry';
import { JsonFields } from './json-fields';

/** A node as its operator describes it, in a file or in answers to questions. */
export interface NodeDescription {
    operator: Address;
    payout: Address;
    operatorKey: bigint;
    encryptionKey: bigint;
    endpoint: string;
    /** nanoTON that shall count as stake. */
    stake: bigint;
    offers: NewOffer[];
}

export function loadNode(file: string): NodeDescription {
    return readNode(JsonFields.load(file));
}

/** Asks for everything that a file would say; one offer. */
export async function askNode(provider: NetworkProvider): Promise<NodeDescription> {
    const ask = (question: string) => provider.ui().input(question);
    const answers = {
        operator: await ask("Operator wallet's address (claims and submits)"),
        payout: await ask('Address that is paid'),
        operatorKey: await ask('Operator public key, Ed25519, 64 hexadecimal digits'),
        encryptionKey: await ask('Encryption public key, X25519, 64 hexadecimal digits'),
        endpoint: await ask('Endpoint, a URL'),
        stake: await ask('Stake in TON'),
        offers: [
            {
                modelId: await ask('Model id, 64 hexadecimal digits'),
                promptPrice: await ask('Price of 1M prompt tokens in TON'),
                cachedPromptPrice: await ask('Price of 1M cached prompt tokens in TON'),
                completionPrice: await ask('Price of 1M completion tokens in TON'),
                contextLength: Number(await ask('Context length in tokens')),
                slots: Number(await ask('Requests at a time')),
            },
        ],
    };
    return readNode(JsonFields.parse('your answers', JSON.stringify(answers)));
}

function readNode(fields: JsonFields): NodeDescription {
    const node = {
        operator: fields.address('operator'),
        payout: fields.address('payout'),
        operatorKey: readKey(fields, 'operatorKey'),
        encryptionKey: readKey(fields, 'encryptionKey'),
        endpoint: fields.string('endpoint', 'a URL'),
        stake: fields.ton('stake'),
        offers: fields.objects('offers').map(readOffer),
    };
    const most = Number(MAX_OFFERS);
    if (node.offers.length > most) fields.fail('offers', `at most ${most} offers`);
    if (!URL.canParse(node.endpoint)) fields.fail('endpoint', 'a URL, such as "https://node.example"');
    fields.done();
    return node;
}

function readKey(fields: JsonFields, name: string): bigint {
    const key = fields.hash(name);
    return key === 0n ? fields.fail(name, 'a public key, which is not zero') : key;
}

function readOffer(fields: JsonFields): NewOffer {
    const offer = {
        modelId: fields.hash('modelId'),
        promptPrice: fields.ton('promptPrice'),
        cachedPromptPrice: fields.ton('cachedPromptPrice'),
        completionPrice: fields.ton('completionPrice'),
        contextLength: fields.integer('contextLength', { min: 1, max: 0xffff_ffff }),
        slots: fields.integer('slots', { min: 1, max: 0xffff }),
        region: fields.has('region') ? fields.integer('region', { min: 0, max: 0xffff }) : 0,
        flags: fields.has('flags') ? fields.integer('flags', { min: 0, max: 0xffff }) : 0,
    };
    fields.done();
    return offer;
}
