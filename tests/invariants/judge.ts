import { opcodes } from '../../build/artifacts';
import { judgeVault } from '../vault/invariants/judge';
import { bytesOf } from '../vault/invariants/read';
import { type Executed, type Flight, fromContract } from './chain';
import { compare, owedBy } from './read';
import type { Verdict } from './verdict';
import { Violation } from './violation';
import type { World } from './world';

/** Delivers one message, checks everything that must hold and returns what is now on its way. */
export async function deliver(world: World, flight: Flight): Promise<Flight[]> {
    const owedBefore = owedBy(world, flight.to);
    const executed = await world.chain.execute(flight);
    if (flight.note.kind === 'vault') return deliverToVault(world, flight, executed);
    const verdict = world.receive(flight, executed);
    const fail = (what: string): never => {
        throw new Violation(`${describe(flight)}: ${what}`);
    };
    const { computed: succeeded, actionCode } = executed.transaction;
    if (succeeded && actionCode !== 0) fail(`the action phase failed with ${actionCode}`);
    if (succeeded !== verdict.ok) fail(`${succeeded ? 'accepted' : 'refused'}, the model says otherwise`);
    if (!succeeded && executed.before?.data && !bytesOf(executed.before).equals(bytesOf(executed.after)))
        fail('a refused message changed the state');
    checkConserved(flight, executed, fail);
    if ((executed.after === undefined) !== (verdict.gone ?? executed.after === undefined)) {
        fail('the account is still there');
    }
    checkSlack(world, flight, executed, owedBefore, verdict, fail);
    for (const [name, [actual, expected]] of Object.entries(compare(world, flight.to))) {
        if (actual !== expected) fail(`${name} is ${actual}, the model says ${expected}`);
    }
    return matched(flight, verdict, executed, fail);
}

type Fail = (what: string) => never;

/** All that a Vault sends goes to wallets, but what bounces to a Node that asked. */
function deliverToVault(world: World, { note, value, from }: Flight, executed: Executed): Flight[] {
    if (note.kind !== 'vault') return [];
    const { vault, sending } = note;
    judgeVault(vault.network, vault.model, { ...sending, from, value }, executed);
    return executed.transaction.out
        .filter(({ bounced, to }) => bounced && world.nodes.has(to.toRawString()))
        .map((message) => fromContract(message, { kind: 'bounce', of: note }));
}

/** Money in = money out + fees. */
function checkConserved(flight: Flight, { transaction, before, after }: Executed, fail: Fail): void {
    let leaving = transaction.totalFees;
    for (const { value, forwardFee } of transaction.out) leaving += value + forwardFee;
    const arriving = flight.value + (before?.balance ?? 0n);
    const kept = after?.balance ?? 0n;
    if (arriving !== kept + leaving) fail(`${arriving} nanoTON came, ${kept} stayed and ${leaving} left`);
}

/** No fee is ever paid out of what a contract owes: what it has beside only storage may take from. */
function checkSlack(
    world: World,
    flight: Flight,
    { transaction, before, after }: Executed,
    owedBefore: bigint | undefined,
    verdict: Verdict,
    fail: Fail,
): void {
    const owed = owedBy(world, flight.to);
    if (!after || verdict.gone || owed === undefined || owedBefore === undefined) return;
    const slack = after.balance - owed;
    if (slack < 0n) fail(`owes ${-slack} nanoTON more than it has`);
    // What came before a contract was opened is nobody's: a Birth counts it as stake, others return it to who opens them.
    const { kind } = flight.note;
    if (kind === 'birth' || (verdict.ok && (kind === 'post' || kind === 'open'))) return;
    const least = (before?.balance ?? 0n) - owedBefore - transaction.storageFees;
    if (slack < least) fail(`paid ${least - slack} nanoTON of fees out of what is not the sender's`);
}

/** Every message that left is one that had to, and the other way round. */
function matched(flight: Flight, verdict: Verdict, { transaction }: Executed, fail: Fail): Flight[] {
    const expected = [...verdict.sends];
    let excess = verdict.excess;
    const flights: Flight[] = [];
    for (const message of transaction.out) {
        const { to, value, opcode } = message;
        if (!verdict.ok) {
            if (!message.bounced || !to.equals(flight.from)) fail('a refused message sends something');
            flights.push(fromContract(message, { kind: 'bounce', of: flight.note }));
            continue;
        }
        if (opcode === opcodes.Excesses && excess?.to.equals(to)) {
            if (value < excess.atLeast || value > flight.value + excess.atLeast)
                fail(`an excess of ${value}`);
            excess = undefined;
            flights.push(fromContract(message, { kind: 'excess' }));
            continue;
        }
        const index = expected.findIndex((one) => opcodes[one.opcode] === opcode && one.to.equals(to));
        const found = expected[index];
        if (!found)
            return fail(`${opcode.toString(16)} with ${value} goes to ${to.toString()}, uncalled for`);
        if (found.exactly !== undefined && found.exactly !== value) {
            fail(`${found.opcode} of ${value}, the model says ${found.exactly}`);
        }
        if (value < (found.atLeast ?? 0n)) fail(`${found.opcode} of ${value}, less than ${found.atLeast}`);
        expected.splice(index, 1);
        flights.push(fromContract(message, found.note));
    }
    const missing = expected[0];
    if (missing) fail(`no ${missing.opcode} was sent`);
    if (excess && excess.atLeast > 0n) fail('nobody got the tip');
    return flights;
}

function describe({ note, from, to, value }: Flight): string {
    return `${note.kind} with ${value} from ${from.toString()} to ${to.toString()}`;
}
