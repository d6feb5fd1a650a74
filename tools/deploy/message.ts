import { Address, Cell, Dictionary, type Slice, type StateInit, storeStateInit } from '@ton/core';
import { cellOf } from 'cocoon-wrappers';
import { opcodes } from '../../build/artifacts';
import * as jobBinding from '../../build/Job/Job_Job';
import * as marketBinding from '../../build/Market/Market_Market';
import * as nodeBinding from '../../build/Node/Node_Node';
import * as registryBinding from '../../build/Registry/Registry_Registry';
import * as vaultBinding from '../../build/Vault/Vault_Vault';
import { formatHash, formatTable, formatTon } from './units';

/** A message that a script is about to send. */
export interface OutMessage {
    /** What it does, for the person who signs. */
    purpose: string;
    to: Address;
    /** nanoTON. */
    value: bigint;
    /** What becomes of the part of the value that is not used; default: it returns. */
    rest?: string;
    body: Cell;
    init?: StateInit;
}

/** Destination, value and the body as the contracts will read it. */
export function describeMessage(message: OutMessage): string {
    const { name, fields } = decodeBody(message.body);
    const rows = [
        ['to', message.to.toString()],
        ['value', `${formatTon(message.value)}; ${message.rest ?? 'what is not used returns'}`],
        ['message', name],
        ...fields.map(([field, value]) => [`  ${field}`, value]),
    ];
    if (message.init)
        rows.push(['deploys', `code ${message.init.code ? hashOf(message.init.code) : 'none'}`]);
    return `${message.purpose}\n${formatTable(rows)}`;
}

/** The same for a multisig or another wallet: what it needs to send this message itself. */
export function describeForWallet(message: OutMessage): string {
    const rows = [
        ['to', message.to.toString()],
        ['value (nanoTON)', String(message.value)],
        ['body (base64)', message.body.toBoc().toString('base64')],
        ['body (hash)', hashOf(message.body)],
    ];
    if (message.init) {
        rows.push(['state init (base64)', cellOf(storeStateInit(message.init)).toBoc().toString('base64')]);
    }
    return `To send it from a multisig, make an order of these:\n${formatTable(rows)}`;
}

type Loader = (slice: Slice) => { $$type: string };

/** By opcode, from the generated bindings: every message of the protocol. */
const loaders = new Map<number, Loader>();
for (const [name, opcode] of Object.entries(opcodes)) {
    for (const binding of [registryBinding, nodeBinding, marketBinding, jobBinding, vaultBinding]) {
        const load = (binding as unknown as Record<string, unknown>)[`load${name}`];
        if (typeof load === 'function') loaders.set(opcode, load as Loader);
    }
}

/** Name of the message and its fields, printable. */
export function decodeBody(body: Cell): { name: string; fields: [string, string][] } {
    const slice = body.beginParse();
    const opcode = slice.remainingBits >= 32 ? slice.preloadUint(32) : 0;
    const load = loaders.get(opcode);
    if (!load) return { name: `unknown, opcode 0x${opcode.toString(16)}`, fields: [] };
    const { $$type, ...fields } = load(slice);
    return { name: $$type, fields: Object.entries(fields).map(([name, value]) => [name, show(value)]) };
}

function show(value: unknown): string {
    if (value === null || value === undefined) return 'none';
    if (value instanceof Address) return value.toString();
    if (value instanceof Cell) return `cell ${hashOf(value)}`;
    if (value instanceof Dictionary) return `${value.size} entries`;
    if (typeof value === 'bigint') return value >> 128n > 0n ? formatHash(value) : String(value);
    return String(value);
}

export function hashOf(cell: Cell): string {
    return `0x${cell.hash().toString('hex')}`;
}
