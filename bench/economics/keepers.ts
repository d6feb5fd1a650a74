import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Parameters } from './parameters';

// Whether pokes pay whoever sends them: the tip less the fees of the whole trace, from the gas ledger.

export interface Poke {
    name: string;
    /** Fees of the trace, nanoTON, at today's prices. */
    fee: number;
    /** Tip less fees when prices are one, two and five times today's, nanoTON. */
    net: number[];
}

export const PRICE_FACTORS = [1, 2, 5];
const POKES = ['finalize', 'expire, open', 'expire, claimed', 'expire, no key', 'destroy', 'resolve'];

export function pokes(p: Parameters, file = join(process.cwd(), 'bench', 'gas', 'ledger.json')): Poke[] {
    const { ops } = JSON.parse(readFileSync(file, 'utf8')) as { ops: Record<string, { feeNano: number }> };
    return POKES.filter((name) => ops[name]).map((name) => {
        const fee = ops[name]!.feeNano;
        return { name, fee, net: PRICE_FACTORS.map((factor) => p.keeperTip - factor * fee) };
    });
}
