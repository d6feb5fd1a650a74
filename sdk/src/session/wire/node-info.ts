import { bytesToHex, utf8ToBytes } from '../../utils';
import type { SessionPrimitives } from '../crypto/primitives';
import { SessionFormatError } from '../errors';
import { ByteWriter } from './byte-writer';
import { isObject, jsonBytes, parseJson } from './json';
import { CHUNK_TOKENS, PROTOCOL_VERSION } from './limits';
import { parseHex, parseInteger } from './text-fields';

/** A short-lived X25519 key that a node's operator key signed. Times in Unix seconds. */
export type SessionKey = {
    readonly publicKey: Uint8Array;
    readonly notBefore: number;
    readonly notAfter: number;
    readonly signature: Uint8Array;
};

/** What `GET /cocoon/v1/node` says. Only the session key is authenticated, by its signature; the rest is a hint. */
export type SessionNodeInfo = {
    readonly network: number;
    /** Account of the node. */
    readonly node: Uint8Array;
    readonly chunkTokens: number;
    /** The node's clock, Unix seconds. */
    readonly time: number;
    readonly capacity: number;
    readonly running: number;
    /** Model ids, 32 bytes each. */
    readonly models: readonly Uint8Array[];
    readonly sessionKey: SessionKey | null;
};

const DOMAIN = utf8ToBytes('cocoon session key v1');
const MAX_MODELS = 1_024;
const U32 = 0xffff_ffff;

export function encodeNodeInfo(info: SessionNodeInfo): Uint8Array {
    const key = info.sessionKey;
    return jsonBytes({
        protocol: PROTOCOL_VERSION,
        network: info.network,
        node: `0:${bytesToHex(info.node)}`,
        chunkTokens: info.chunkTokens,
        time: info.time,
        capacity: info.capacity,
        running: info.running,
        models: info.models.map(bytesToHex),
        sessionKey: key && {
            publicKey: bytesToHex(key.publicKey),
            notBefore: key.notBefore,
            notAfter: key.notAfter,
            signature: bytesToHex(key.signature),
        },
    });
}

/** Reads a node's answer. Throws SessionFormatError. */
export function decodeNodeInfo(bytes: Uint8Array): SessionNodeInfo {
    const value = parseJson(bytes, 'a node’s description');
    if (!isObject(value) || value.protocol !== PROTOCOL_VERSION) {
        throw new SessionFormatError('The node speaks another protocol.', 'protocol_unsupported');
    }
    return {
        network: parseInteger(value.network, 'network', -0x8000_0000, 0x7fff_ffff),
        node: parseAccount(value.node),
        chunkTokens: parseInteger(value.chunkTokens, 'chunkTokens', CHUNK_TOKENS.min, CHUNK_TOKENS.max),
        time: parseInteger(value.time, 'time', 0, U32),
        capacity: parseInteger(value.capacity, 'capacity', 0, U32),
        running: parseInteger(value.running, 'running', 0, U32),
        models: parseModels(value.models),
        sessionKey: value.sessionKey === null ? null : parseSessionKey(value.sessionKey),
    };
}

function hashSessionKey(
    primitives: Pick<SessionPrimitives, 'sha256'>,
    place: { networkId: number; node: Uint8Array },
    key: Omit<SessionKey, 'signature'>,
): Uint8Array {
    return primitives.sha256(
        new ByteWriter(DOMAIN.length + 4 + 32 + 32 + 4 + 4)
            .raw(DOMAIN)
            .i32(place.networkId)
            .raw(place.node, 32)
            .raw(key.publicKey, 32)
            .u32(key.notBefore)
            .u32(key.notAfter).bytes,
    );
}

export function signSessionKey(
    primitives: SessionPrimitives,
    operatorSecretKey: Uint8Array,
    place: { networkId: number; node: Uint8Array },
    key: Omit<SessionKey, 'signature'>,
): SessionKey {
    const signature = primitives.signEd25519(hashSessionKey(primitives, place, key), operatorSecretKey);
    return { ...key, signature };
}

/** Whether the operator key signed this session key and it is valid at `now`, Unix seconds. */
export function verifySessionKey(
    primitives: SessionPrimitives,
    operatorKey: Uint8Array,
    place: { networkId: number; node: Uint8Array },
    key: SessionKey,
    now: number,
): boolean {
    if (now < key.notBefore || now >= key.notAfter) return false;
    return primitives.verifyEd25519(hashSessionKey(primitives, place, key), key.signature, operatorKey);
}

function parseAccount(value: unknown): Uint8Array {
    const match = typeof value === 'string' ? /^0:([0-9a-fA-F]{64})$/.exec(value) : null;
    return parseHex(match?.[1], 32, 'node');
}

function parseModels(value: unknown): Uint8Array[] {
    if (!Array.isArray(value) || value.length > MAX_MODELS) {
        throw new SessionFormatError('models is not a list of model ids.');
    }
    return value.map((model) => parseHex(model, 32, 'A model id'));
}

function parseSessionKey(value: unknown): SessionKey {
    if (!isObject(value)) throw new SessionFormatError('sessionKey is not an object.');
    return {
        publicKey: parseHex(value.publicKey, 32, 'publicKey'),
        notBefore: parseInteger(value.notBefore, 'notBefore', 0, U32),
        notAfter: parseInteger(value.notAfter, 'notAfter', 0, U32),
        signature: parseHex(value.signature, 64, 'signature'),
    };
}
