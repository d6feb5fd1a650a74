import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beginCell } from '@ton/core';
import { sessionVectors } from '../../tests/helpers/session/vectors';
import { nativePrimitives } from '../node';
import { bytesToHex as hex, hexToBytes } from '../utils';
import {
    decodeAllocationStatus,
    decodeControlContent,
    decodeFrames,
    decodeNodeInfo,
    decodePaymentContent,
    decodeReceipt,
    decodeRefusal,
    decodeRequestContent,
    EnvelopeOpener,
    noblePrimitives,
    type OpenedEnvelope,
    parseAnswerFrame,
    verifyControl,
    verifyReceipt,
    verifySessionKey,
    verifyVoucher,
} from '.';

// UPDATE_DOCS=1 writes the file anew.
const file = join(__dirname, '../../../docs/spec/session-vectors.json');

describe.each([
    ['noble', noblePrimitives],
    ['native', nativePrimitives()],
] as const)('the test vectors of docs/spec/session-vectors.json, %s', (name, primitives) => {
    if (process.env.UPDATE_DOCS === '1' && name === 'noble') {
        it('are written', async () => {
            writeFileSync(file, `${JSON.stringify(await sessionVectors(primitives), null, 2)}\n`);
        });
    }

    const read = () => JSON.parse(readFileSync(file, 'utf8'));

    it('are what this code seals and signs', async () => {
        expect(await sessionVectors(primitives)).toEqual(read());
    });

    it('open and verify', async () => {
        const v = read();
        const bytes = (field: string) => hexToBytes(v[field]);
        const allocation = {
            networkId: v.networkId,
            node: bytes('node'),
            vault: bytes('vault'),
            slot: v.slot,
            generation: BigInt(v.generation),
        };
        const place = { ...allocation, sequence: BigInt(v.sequence), modelId: bytes('modelId') };
        const opener = new EnvelopeOpener(primitives, allocation, (keyId) =>
            hex(keyId) === v.keyId ? bytes('recipientSecretKey') : undefined,
        );
        const open = async (field: string): Promise<OpenedEnvelope> => opener.open(bytes(field));

        const envelope = await open('requestEnvelope');
        expect(envelope.header).toMatchObject({ kind: 'request', sequence: 34n, counter: 1, slot: 7 });
        expect([hex(envelope.content), hex(envelope.responseKey)]).toEqual([v.requestContent, v.responseKey]);
        const content = decodeRequestContent(envelope.content);
        expect(new TextDecoder().decode(content.json)).toBe(v.json);
        const voucherKey = bytes('voucherKey');
        const { authorization } = content;
        expect(opener.isAuthorized({ envelope, allocation, voucherKey, authorization })).toBe(true);
        expect(verifyVoucher(primitives, voucherKey, allocation, content.voucher)).toBe(true);

        const payment = decodePaymentContent((await open('paymentEnvelope')).content);
        expect(verifyVoucher(primitives, voucherKey, allocation, payment)).toBe(true);

        const state = await open('stateEnvelope');
        const control = decodeControlContent(state.content);
        expect(verifyControl(primitives, voucherKey, 'state', place, control)).toBe(true);
        expect(verifyControl(primitives, voucherKey, 'release', place, control)).toBe(false);
        const reply = decodeFrames(stream([v.stateFrame]), primitives, state.responseKey);
        const { value } = await reply.next();
        const status = decodeAllocationStatus(value!.payload);
        expect(
            verifyVoucher(primitives, voucherKey, allocation, { ...status, signature: status.signature! }),
        ).toBe(true);

        const frames = [];
        for await (const frame of decodeFrames(stream(v.frames), primitives, envelope.responseKey)) {
            frames.push(parseAnswerFrame(frame));
        }
        expect(frames.map(({ type }) => type)).toEqual(['delta', 'receipt', 'delta', 'final']);
        for (const receipt of [v.firstReceipt, v.lastReceipt]) {
            const decoded = decodeReceipt(hexToBytes(receipt.bytes));
            expect(verifyReceipt(primitives, bytes('operatorKey'), place, decoded)).toBe(true);
            expect(verifyReceipt(primitives, bytes('operatorKey'), { ...place, slot: 8 }, decoded)).toBe(
                false,
            );
        }

        const info = decodeNodeInfo(new TextEncoder().encode(v.nodeInfo));
        const check = (now: number) =>
            verifySessionKey(primitives, bytes('operatorKey'), allocation, info.sessionKey!, now);
        expect([info.time, info.time + 86_400, info.time - 1].map(check)).toEqual([true, false, false]);
        const refusal = decodeRefusal(v.refusal.status, new TextEncoder().encode(v.refusal.body));
        expect(refusal).toMatchObject({ refusal: 'payment_required', needed: 3_456n });
    });

    it('hash the cells that a contract builds', () => {
        const v = read();
        const voucher = beginCell()
            .storeUint(0x0c0c5601, 32)
            .storeInt(v.networkId, 32)
            .storeBuffer(Buffer.from(v.vault, 'hex'))
            .storeUint(v.slot, 8)
            .storeUint(BigInt(v.generation), 64)
            .storeUint(BigInt(v.voucher.cumulative), 64)
            .endCell();
        expect(voucher.hash().toString('hex')).toBe(v.voucher.cellHash);
        const receipt = decodeReceipt(hexToBytes(v.lastReceipt.bytes));
        const cell = beginCell()
            .storeUint(0x0c0c5201, 32)
            .storeInt(v.networkId, 32)
            .storeBuffer(Buffer.from(v.node, 'hex'))
            .storeBuffer(Buffer.from(v.vault, 'hex'))
            .storeUint(v.slot, 8)
            .storeUint(BigInt(v.generation), 64)
            .storeUint(BigInt(v.sequence), 64)
            .storeUint(receipt.chunk, 32)
            .storeBuffer(Buffer.from(v.modelId, 'hex'))
            .storeRef(
                beginCell()
                    .storeBuffer(Buffer.from(receipt.requestHash))
                    .storeBuffer(Buffer.from(receipt.responseHash))
                    .storeUint(receipt.usage.prompt, 32)
                    .storeUint(receipt.usage.cached, 32)
                    .storeUint(receipt.usage.completion, 32)
                    .storeUint(receipt.price, 64)
                    .storeUint(receipt.seed, 64)
                    .storeUint(receipt.issuedAt, 32)
                    .endCell(),
            )
            .endCell();
        expect(cell.hash().toString('hex')).toBe(v.lastReceipt.cellHash);
    });
});

async function* stream(frames: string[]) {
    for (const frame of frames) yield hexToBytes(frame);
}
