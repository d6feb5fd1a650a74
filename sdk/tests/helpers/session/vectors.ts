import {
    completionLimit,
    decodeBody,
    encapsulate,
    encodeAllocationStatus,
    encodeBody,
    encodeControlContent,
    encodeDelta,
    encodeFinalInfo,
    encodeNodeInfo,
    encodePaymentContent,
    encodeReceipt,
    encodeRefusal,
    encodeRequestContent,
    encryptionKeyPair,
    FrameSealer,
    hashControl,
    hashReceipt,
    hashRequest,
    hashVoucher,
    bytesToHex as hex,
    priceOf,
    promptTokenBound,
    ResponseHash,
    type SessionPrimitives,
    sealEnvelope,
    signAuthorization,
    signControl,
    signReceipt,
    signSessionKey,
    signVoucher,
} from '../../../src';

const filled = (byte: number) => new Uint8Array(32).fill(byte);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Everything that a session of one request exchanges, from fixed secrets: what docs/spec/session-vectors.json holds. */
export async function sessionVectors(primitives: SessionPrimitives) {
    const operatorSecretKey = filled(0x11);
    const voucherSecretKey = filled(0x22);
    const recipient = encryptionKeyPair(filled(0x33));
    const allocation = { networkId: -3, node: filled(0x44), vault: filled(0x55), slot: 7, generation: 12n };
    const { networkId, node, vault, slot, generation } = allocation;
    const sequence = 34n;
    const modelId = filled(0x66);
    const salt = filled(0x77);
    const prices = { prompt: 1_500_000n, cachedPrompt: 300_000n, completion: 6_000_001n };
    const time = 1_750_000_000;

    const secret = await encapsulate(primitives, allocation, recipient.publicKey, filled(0x88));
    const authorization = signAuthorization(primitives, voucherSecretKey, allocation, secret.enc);
    const voucher = signVoucher(primitives, voucherSecretKey, allocation, 1_234n);
    const body = { model: 'm', stream: true, messages: [{ role: 'user', content: 'Hé' }], max_tokens: 64 };
    const json = encodeBody(body);
    const content = encodeRequestContent({
        salt,
        voucher,
        authorization,
        prices,
        modelId,
        task: 'chat',
        json,
    });
    const head = { vault, slot, generation, sequence };
    const request = sealEnvelope(primitives, secret, { ...head, kind: 'request', counter: 1 }, content);
    const paid = signVoucher(primitives, voucherSecretKey, allocation, 2_345n);
    const payment = sealEnvelope(
        primitives,
        secret,
        { ...head, kind: 'payment', counter: 1 },
        encodePaymentContent(paid),
    );
    const control = signControl(primitives, voucherSecretKey, 'state', { ...allocation, sequence }, time);
    const state = sealEnvelope(
        primitives,
        secret,
        { ...head, kind: 'state', counter: 0 },
        encodeControlContent(control),
    );

    const requestHash = hashRequest(primitives, salt, 'chat', json);
    const hash = new ResponseHash(primitives, salt);
    const deltas = [encodeDelta({ t: 'Sal', i: [1, 2], p: [-0.5, -1] }), encodeDelta({ t: 'ut', i: [3] })];
    const info = encodeFinalInfo({ finish: 'stop', seed: 42, cached: 4 });
    const place = { ...allocation, sequence, modelId };
    const receiptOf = (chunk: number, completion: number) => {
        const usage = { prompt: 21, cached: 4, completion };
        const price = priceOf(usage, prices);
        const facts = {
            chunk,
            requestHash,
            responseHash: hash.digest(),
            usage,
            price,
            seed: 42n,
            issuedAt: time,
        };
        return signReceipt(primitives, operatorSecretKey, place, facts);
    };
    hash.add(deltas[0]!);
    const first = receiptOf(1, 2);
    hash.add(deltas[1]!);
    hash.add(info);
    const last = receiptOf(2, 3);
    const sealer = new FrameSealer(primitives, request.responseKey);
    const frames = [
        sealer.seal('delta', deltas[0]!),
        sealer.seal('receipt', encodeReceipt(first)),
        sealer.seal('delta', deltas[1]!),
        sealer.seal('final', encodeReceipt(last), info),
    ];
    const status = encodeAllocationStatus({
        ...paid,
        owed: 2_001n,
        highestSequence: sequence,
        releasing: false,
    });
    const facts = { publicKey: recipient.publicKey, notBefore: time, notAfter: time + 86_400 };
    const sessionKey = signSessionKey(primitives, operatorSecretKey, allocation, facts);
    const nodeInfo = encodeNodeInfo({
        network: networkId,
        node,
        chunkTokens: 128,
        time,
        capacity: 8,
        running: 2,
        models: [modelId],
        sessionKey,
    });
    const refusal = encodeRefusal({ code: 'payment_required', message: 'Pay.', needed: 3_456n });
    const receiptVector = (receipt: typeof first) => ({
        cellHash: hex(hashReceipt(primitives, place, receipt)),
        bytes: hex(encodeReceipt(receipt)),
    });
    return {
        networkId,
        node: hex(node),
        vault: hex(vault),
        slot,
        generation: generation.toString(),
        sequence: sequence.toString(),
        modelId: hex(modelId),
        operatorSecretKey: hex(operatorSecretKey),
        operatorKey: hex(primitives.publicKeyEd25519(operatorSecretKey)),
        voucherSecretKey: hex(voucherSecretKey),
        voucherKey: hex(primitives.publicKeyEd25519(voucherSecretKey)),
        recipientSecretKey: hex(recipient.secretKey),
        recipientPublicKey: hex(recipient.publicKey),
        ephemeralSecretKey: hex(filled(0x88)),
        keyId: hex(secret.keyId),
        enc: hex(secret.enc),
        extractedSecret: hex(secret.extracted),
        authorization: hex(authorization),
        prices: {
            prompt: prices.prompt.toString(),
            cachedPrompt: prices.cachedPrompt.toString(),
            completion: prices.completion.toString(),
        },
        salt: hex(salt),
        json: text(json),
        completionLimit: completionLimit(decodeBody(json)),
        promptTokenBound: promptTokenBound(json.length, body),
        voucher: {
            cumulative: voucher.cumulative.toString(),
            cellHash: hex(hashVoucher(primitives, allocation, voucher.cumulative)),
            signature: hex(voucher.signature),
        },
        payment: { cumulative: paid.cumulative.toString(), signature: hex(paid.signature) },
        requestContent: hex(content),
        requestHash: hex(requestHash),
        requestEnvelope: hex(request.bytes),
        responseKey: hex(request.responseKey),
        paymentEnvelope: hex(payment.bytes),
        control: {
            time,
            hash: hex(hashControl(primitives, 'state', { ...allocation, sequence }, time)),
            signature: hex(control.signature),
        },
        stateEnvelope: hex(state.bytes),
        stateReply: text(status),
        stateFrame: hex(new FrameSealer(primitives, state.responseKey).seal('reply', status)),
        deltas: deltas.map(text),
        final: text(info),
        firstReceipt: receiptVector(first),
        lastReceipt: receiptVector(last),
        frames: frames.map(hex),
        nodeInfo: text(nodeInfo),
        refusal: { status: refusal.status, body: text(refusal.body) },
    };
}
