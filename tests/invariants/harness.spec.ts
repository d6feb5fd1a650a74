import { mutant } from './mutant';
import { createNetwork, type Network } from './network';
import { search } from './run';
import { report } from './search';

// A harness that cannot fail proves nothing: each contract here has one line spoilt, and must be found out.

const SEQUENCES = 400;
const LENGTH = 12;

async function expectFound(network: Network, what: RegExp, steps = 8): Promise<void> {
    const found = await search(network, 1, SEQUENCES, LENGTH);
    expect(found && report(found)).toMatch(what);
    // Shrunk: what breaks needs only a few steps.
    expect(found?.actions.length).toBeLessThanOrEqual(steps);
}

it.each([
    [
        'keeps the escrow whole on paper when a keeper takes its tip',
        'Job',
        'job/settlement.tact',
        'escrow -= noKeyFee + tip;',
        'escrow -= noKeyFee;',
        /escrow is|of fees out of|JobRefund/,
    ],
    [
        'does not release what a lock held',
        'Node',
        'node/claims.tact',
        'self.locked -= amount;',
        'self.locked -= amount / 2;',
        /locked is/,
    ],
    [
        'pays for claims that came to nothing',
        'Job',
        'job/settlement.tact',
        'let earned = outcome == CLAIM_PAID ? price : 0;',
        'let earned = outcome == CLAIM_DECLINED ? 0 : price;',
        /owes|JobPayout|uncalled for|action phase/,
    ],
    [
        'is slashed when it is acquitted',
        'Node',
        'node/accusations.tact',
        'if (msg.convicted) {',
        'if (!msg.convicted) {',
        /disputes (won|lost) is|DisputePayout|Burn|uncalled for|stake is/,
    ],
    [
        'frees the stake of a juror that was slashed',
        'Node',
        'node/jury.tact',
        'court.jurorStake -= slash;',
        'court.jurorStake -= slash / 2;',
        /juror stake is/,
    ],
    [
        'takes receipts for its own that another key signed',
        'Node',
        'node/receipts.tact',
        'signed = checkSignature(hash, signature, keys.operatorKey);',
        'signed = true;',
        /accepted, the model/,
    ],
    [
        'gives jurors twice their chance',
        'Dispute',
        'dispute/seats.tact',
        'drawOf(seed, msg.round, msg.index) < msg.stake',
        'drawOf(seed, msg.round, msg.index) < 2 * msg.stake',
        /accepted, the model/,
    ],
    [
        'leaves the bond of who did not vote',
        'Dispute',
        'dispute/ruling.tact',
        'absentSlash: bond,',
        'absentSlash: bond / 2,',
        /stake is|Burn|DisputePayout/,
    ],
    [
        'gives an accuser back the bond that he lost',
        'Dispute',
        'dispute/resolution.tact',
        'held -= bond;',
        'held -= bond / 2;',
        /DisputePayout of|owes|action phase/,
    ],
] as const)(
    'a contract that %s is found out',
    async (_, contract, file, before, after, what) => {
        const code = mutant(contract, file, before, after);
        const name = contract.toLowerCase() as 'job' | 'node' | 'dispute';
        await expectFound(await createNetwork({ [name]: code }), what);
    },
    240_000,
);

it('a model that expects another fee is found out', async () => {
    const network = await createNetwork();
    const [hash, found] = [...network.allTerms][0]!;
    const { terms } = found;
    const wrong = { ...terms, jobParams: { ...terms.jobParams, feeBps: 499 } };
    const allTerms = new Map(network.allTerms).set(hash, { ...found, terms: wrong });
    await expectFound({ ...network, allTerms }, /JobPayout of/);
}, 240_000);

it('a Job that convicts whom the jury acquits is found out, by a whole trial', async () => {
    const change = ['if (msg.outcome == VERDICT_CLIENT &&', 'if (msg.outcome == VERDICT_NODE &&'] as const;
    const network = await createNetwork({ job: mutant('Job', 'job/disputes.tact', ...change) });
    await expectFound(network, /state is|uncalled for|JobPayout|no /, 10);
}, 240_000);
