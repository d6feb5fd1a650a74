import type { Parameters } from './parameters';

// Who sits: every node's chance rises with time, the first n whose number is below their chance sit down.

/** Jurors of one model. Hostile nodes know their verdict before they look and are never late. */
export interface Pool {
    /** NanoTON of each node's juror stake. */
    stakes: Float64Array;
    /** 1: belongs to the coalition. */
    hostile: Uint8Array;
    /** Seconds from the begin of Seating until an honest node has its verdict. */
    judging: number;
}

export function equalPool(nodes: number, stake: number, share: number, judging: number): Pool {
    const stakes = new Float64Array(nodes).fill(stake);
    const hostile = new Uint8Array(nodes).fill(1, 0, Math.round(nodes * share));
    return { stakes, hostile, judging };
}

/** Seats of one round at a time; keeps its buffers between calls. */
export class Seating {
    /** Nodes that sit, the first `filled` of it. */
    readonly seated: Int32Array;
    /** When the last of them sat down, seconds from the begin of Seating. */
    lastAt = 0;
    private readonly times: Float64Array;
    private readonly slowness: Float64Array;

    constructor(
        private readonly pool: Pool,
        private readonly params: Pick<Parameters, 'jurors' | 'seatRate' | 'seatWindow'>,
        private readonly random: () => number,
    ) {
        this.seated = new Int32Array(params.jurors);
        this.times = new Float64Array(params.jurors);
        this.slowness = pool.stakes.map((stake) => 2 ** 64 / (stake * params.seatRate));
    }

    /** Number of seats filled within the window. Nodes marked in `excluded` do not sit. */
    round(excluded?: Uint8Array): number {
        const { seated, times, slowness, random } = this;
        const { hostile, judging } = this.pool;
        const { jurors, seatWindow } = this.params;
        let filled = 0;
        let worst = seatWindow;
        for (let node = 0; node < slowness.length; node++) {
            const eligible = random() * slowness[node]!;
            if (eligible >= worst) continue;
            const at = hostile[node] || eligible > judging ? eligible : judging * (1 + 1e-9 * eligible);
            if (at >= worst || excluded?.[node]) continue;
            let place = filled < jurors ? filled++ : jurors - 1;
            while (place > 0 && times[place - 1]! > at) {
                times[place] = times[place - 1]!;
                seated[place] = seated[place - 1]!;
                place--;
            }
            times[place] = at;
            seated[place] = node;
            if (filled === jurors) worst = times[jurors - 1]!;
        }
        this.lastAt = filled > 0 ? times[filled - 1]! : 0;
        return filled;
    }
}
