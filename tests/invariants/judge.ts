import { opcodes } from '../../build/artifacts';
import { type Executed, type Flight, fromContract } from './chain';
import { compareJob, compareNode, owedBy } from './read';
import type { Verdict } from './verdict';
import type { World } from './world';

/** Something that must always hold did not. */
export class Violation extends Error {}

/** Delivers one message, checks everything that must hold and returns what is now on its way. */
export async function deliver(world: World, flight: Flight): Promise<Flight[]> {
    const owedBefore = owedBy(world, flight.to);
    const verdict = world.receive(flight);
    const executed = await world.chain.execute(flight);
    const fail = (what: string): never => {
        throw new Violation(`${describe(flight)}: ${what}`);
    };
    const { computed: succeeded, actionCode } = executed.transaction;
    if (succeeded && actionCode !== 0) fail(`the action phase failed with ${actionCode}`);
    if (succeeded !== verdict.ok) fail(`${succeeded ? 'accepted' : 'refused'}, the model says otherwise`);
    if (flight.note.kind === 'birth' && succeeded) world.born(flight.to);
    checkConserved(flight, executed, fail);
    if ((executed.after === undefined) !== (verdict.gone ?? executed.after === undefined)) {
        fail('the account is still there');
    }
    checkSlack(world, flight, executed, owedBefore, verdict, fail);
    checkState(world, flight, fail);
    return matched(flight, verdict, executed, fail);
}

type Fail = (what: string) => never;

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
    owedBefore: bigint,
    verdict: Verdict,
    fail: Fail,
): void {
    if (!after || verdict.gone) return;
    if (!world.jobs.has(flight.to.toRawString()) && !world.nodes.has(flight.to.toRawString())) return;
    const slack = after.balance - owedBy(world, flight.to);
    if (slack < 0n) fail(`owes ${-slack} nanoTON more than it has`);
    // What came before a contract was opened is nobody's: a Birth counts it as stake, a Job returns it to its client.
    if (flight.note.kind === 'birth' || (flight.note.kind === 'post' && verdict.ok)) return;
    const least = (before?.balance ?? 0n) - owedBefore - transaction.storageFees;
    if (slack < least) fail(`paid ${least - slack} nanoTON of fees out of what is not the sender's`);
}

/** The contract's own books say what the model says. */
function checkState(world: World, { to }: Flight, fail: Fail): void {
    const account = to.toRawString();
    const data = world.chain.get(to)?.data;
    const job = world.jobs.get(account);
    const node = world.nodes.get(account);
    const pair = job ? compareJob(job, data) : node && data ? compareNode(node, data) : undefined;
    for (const [name, [actual, expected]] of Object.entries(pair ?? {})) {
        if (actual !== expected) fail(`${name} is ${actual}, the model says ${expected}`);
    }
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
