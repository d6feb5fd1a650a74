import { createHash, randomBytes } from 'node:crypto';

const Sha = require('./jssha.cjs');
const nacl = require('../../node_modules/tweetnacl/nacl-fast.js');
const fastNacl = require('./tweetnacl.cjs');

describe('primitives of Node in place of JavaScript', () => {
    it('hash as Node does', () => {
        const bytes = randomBytes(100);
        for (const [variant, name] of [
            ['SHA-256', 'sha256'],
            ['SHA-512', 'sha512'],
        ]) {
            const expected = createHash(name!).update(bytes).digest('hex');
            for (const [format, source] of [
                ['UINT8ARRAY', bytes],
                ['HEX', bytes.toString('hex')],
            ]) {
                const hash = new Sha(variant, format);
                hash.update(source);
                expect(hash.getHash('HEX')).toBe(expected);
            }
        }
        const ofText = new Sha('SHA-256', 'TEXT');
        ofText.update('a');
        expect(ofText.getHash('HEX')).toMatch(/^ca978112/);
    });

    it('derive the same keys and sign the same as tweetnacl', () => {
        const seed = new Uint8Array(randomBytes(32));
        const pair = nacl.sign.keyPair.fromSeed(seed);
        expect(fastNacl.sign.keyPair.fromSeed(seed)).toEqual(pair);
        const message = new Uint8Array(randomBytes(50));
        expect(fastNacl.sign.detached(message, pair.secretKey)).toEqual(
            nacl.sign.detached(message, pair.secretKey),
        );
    });
});
