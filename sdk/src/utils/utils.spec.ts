import { VirtualClock } from '../../tests/helpers/virtual-clock';
import {
    base64ToBytes,
    bytesToHex,
    bytesToUtf8,
    equalBytes,
    hashToInteger,
    hexToBytes,
    intBytes,
    integerToHash,
    Mutex,
    secureRandomBytes,
    systemClock,
    uintBytes,
} from '.';

describe('bytes', () => {
    it('writes big-endian integers and refuses what does not fit', () => {
        expect(bytesToHex(uintBytes(0x0102, 4))).toBe('00000102');
        expect(bytesToHex(intBytes(-239, 4))).toBe('ffffff11');
        expect(bytesToHex(intBytes(-128, 1))).toBe('80');
        expect(() => uintBytes(256, 1)).toThrow('does not fit');
        expect(() => uintBytes(-1, 1)).toThrow('does not fit');
        expect(() => intBytes(128, 1)).toThrow('does not fit');
    });

    it('turns hashes into integers of contracts and back', () => {
        const hash = hexToBytes(`00${'ab'.repeat(31)}`);
        expect(hashToInteger(hash)).toBe(BigInt(`0x${'ab'.repeat(31)}`));
        expect(integerToHash(hashToInteger(hash))).toEqual(hash);
        expect(() => hashToInteger(hash.subarray(1))).toThrow('32 bytes');
        expect(() => integerToHash(1n << 256n)).toThrow('does not fit');
    });

    it('reads base64 strictly', () => {
        expect(base64ToBytes('AAH/')).toEqual(Uint8Array.of(0, 1, 255));
        expect(() => base64ToBytes('!')).toThrow('base64');
    });

    it('reads hex strictly', () => {
        expect(bytesToHex(hexToBytes('00FFa0'))).toBe('00ffa0');
        for (const bad of ['0', '0x', 'zz', ' 0']) expect(() => hexToBytes(bad)).toThrow('hex');
    });

    it('decodes UTF-8 strictly and keeps a byte order mark', () => {
        expect(bytesToUtf8(Uint8Array.of(0xff))).toBeUndefined();
        expect(bytesToUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41))).toBe('\ufeffA');
    });

    it('compares contents', () => {
        expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
        expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
        expect(equalBytes(Uint8Array.of(1), Uint8Array.of(1, 2))).toBe(false);
    });

    it('draws more random bytes than the platform gives at once', () => {
        const bytes = secureRandomBytes(70_000);
        expect(bytes.length).toBe(70_000);
        expect(bytes.subarray(65_536).some((byte) => byte !== 0)).toBe(true);
    });
});

describe('Mutex', () => {
    it('runs tasks in order and goes on after a failure', async () => {
        const clock = new VirtualClock();
        const mutex = new Mutex();
        const log: string[] = [];
        const task = (name: string, ms: number) => async () => {
            log.push(`${name} starts`);
            await clock.sleep(ms);
            log.push(`${name} ends`);
            if (name === 'a') throw new Error('a fails');
        };
        const a = mutex.run(task('a', 100));
        const b = mutex.run(task('b', 1));
        await expect(a).rejects.toThrow('a fails');
        await b;
        expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends']);
    });
});

describe('systemClock', () => {
    it('stops sleeping when it is aborted', async () => {
        const controller = new AbortController();
        const sleeping = systemClock.sleep(60_000, controller.signal);
        controller.abort();
        await expect(sleeping).rejects.toMatchObject({ code: 'operation_aborted' });
        await expect(systemClock.sleep(1, controller.signal)).rejects.toMatchObject({
            code: 'operation_aborted',
        });
        await expect(systemClock.sleep(0)).resolves.toBeUndefined();
    });
});
