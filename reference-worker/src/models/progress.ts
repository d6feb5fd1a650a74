import type { DownloadProgress } from './download';

const BAR_WIDTH = 28;
const MEGA = 1_000_000;

/** One line such as `model.gguf [#####-----] 51 % 512/1000 MB 20 MB/s`. */
function progressLine(label: string, progress: DownloadProgress, seconds: number, startBytes: number): string {
    const { receivedBytes, totalBytes } = progress;
    const rate = seconds > 0 ? `${((receivedBytes - startBytes) / MEGA / seconds).toFixed(1)} MB/s` : '';
    const received = (receivedBytes / MEGA).toFixed(1);
    if (!totalBytes) return `${label} ${received} MB ${rate}`;
    const share = receivedBytes / totalBytes;
    const filled = Math.round(share * BAR_WIDTH);
    const bar = '#'.repeat(filled) + '-'.repeat(BAR_WIDTH - filled);
    return `${label} [${bar}] ${Math.floor(share * 100)} % ${received}/${(totalBytes / MEGA).toFixed(1)} MB ${rate}`;
}

/** Draws a progress bar on a terminal; elsewhere a line every ten per cent. */
export function progressReporter(
    label: string,
    stream: { isTTY?: boolean; write(text: string): unknown } = process.stderr,
    now: () => number = Date.now,
): (progress: DownloadProgress) => void {
    const started = now();
    let startBytes: number | undefined;
    let lastDrawn = Number.NEGATIVE_INFINITY;
    let lastTenth = -1;
    return (progress) => {
        startBytes ??= progress.receivedBytes;
        const done = progress.receivedBytes === progress.totalBytes;
        const line = () => progressLine(label, progress, (now() - started) / 1000, startBytes!);
        if (stream.isTTY) {
            if (!done && now() - lastDrawn < 100) return;
            lastDrawn = now();
            stream.write(`\r\x1b[K${line()}${done ? '\n' : ''}`);
            return;
        }
        const tenth = progress.totalBytes ? Math.floor((10 * progress.receivedBytes) / progress.totalBytes) : 0;
        if (tenth === lastTenth) return;
        lastTenth = tenth;
        stream.write(`${line()}\n`);
    };
}
