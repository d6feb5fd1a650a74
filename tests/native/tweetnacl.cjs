// Node's own Ed25519 signatures in place of tweetnacl's.
const { createPrivateKey, createPublicKey, sign } = require('node:crypto');
const original = require('../../node_modules/tweetnacl/nacl-fast.js');

const PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex'); // PKCS #8 of a seed

const privateKey = (seed) =>
    createPrivateKey({ key: Buffer.concat([PREFIX, seed]), format: 'der', type: 'pkcs8' });

function fromSeed(seed) {
    const spki = createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' });
    const publicKey = new Uint8Array(spki.subarray(-32));
    const secretKey = new Uint8Array(64);
    secretKey.set(seed);
    secretKey.set(publicKey, 32);
    return { publicKey, secretKey };
}

const detached = (message, secretKey) =>
    new Uint8Array(sign(null, message, privateKey(secretKey.subarray(0, 32))));
detached.verify = original.sign.detached.verify;

module.exports = {
    ...original,
    sign: Object.assign((...given) => original.sign(...given), original.sign, {
        detached,
        keyPair: Object.assign(() => original.sign.keyPair(), original.sign.keyPair, { fromSeed }),
    }),
};
