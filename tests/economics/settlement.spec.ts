import { COURSE_FEES, loadParameters, lockOf, mostAtIssue, TON } from '../../bench/economics/parameters';
import { outcomeOf, settle, sumOf, type Votes } from '../../bench/economics/settlement';

const p = loadParameters();
const votesOf = (node: number, client: number, unavailable = 0, silent = 0): Votes => ({
    node,
    client,
    unavailable,
    silent,
});

function* allVotes(seats: number): Generator<Votes> {
    for (let node = 0; node <= seats; node++) {
        for (let client = 0; node + client <= seats; client++) {
            for (let unavailable = 0; node + client + unavailable <= seats; unavailable++) {
                yield votesOf(node, client, unavailable, seats - node - client - unavailable);
            }
        }
    }
}

describe('settlement', () => {
    it('creates and destroys no nanoTON, whatever the votes', () => {
        for (const jurors of [5, 7, 9]) {
            for (const votes of allVotes(jurors)) {
                for (const price of [1, 999, 12_345, TON, 50 * TON]) {
                    const money = settle(votes, lockOf(price, p), price, { ...p, jurors });
                    expect(sumOf(money, votes)).toBe(0);
                    expect(money.burnt).toBeGreaterThanOrEqual(COURSE_FEES);
                }
            }
        }
    });

    it.each([
        [votesOf(0, 3, 0, 2), 'convicted'],
        [votesOf(2, 3), 'convicted'],
        [votesOf(3, 2), 'acquitted'],
        [votesOf(1, 2, 1, 1), 'acquitted'],
        [votesOf(0, 0, 5), 'acquitted'],
        [votesOf(3, 0, 0, 2), 'no quorum'],
        [votesOf(1, 2, 0, 2), 'no quorum'],
    ] as const)('%j ends as %s', (votes, outcome) => {
        expect(outcomeOf(votes)).toBe(outcome);
    });

    it('convicts with the price for the accuser, the fees for the jurors and the rest burnt', () => {
        const money = settle(votesOf(0, 5), 10 * TON, TON, p);
        expect(money).toMatchObject({ accuser: TON, accused: -10 * TON });
        expect(money.burnt).toBe(9 * TON - 5 * p.jurorFee);
    });

    it('gives the accuser no more than half the lock', () => {
        const lock = 4 * TON;
        expect(settle(votesOf(0, 5), lock, 100 * TON, p).accuser).toBe(2 * TON);
    });

    it('acquits with half of the bond for the accused', () => {
        const money = settle(votesOf(5, 0), 10 * TON, TON, p);
        expect(money.accused).toBe(p.accuserBond / 2);
        expect(money.accuser).toBe(-p.accuserBond - 5 * p.jurorFee - COURSE_FEES);
    });

    it('locks no more for an answer than withholding costs', () => {
        expect(lockOf(1_000 * TON, p)).toBeLessThanOrEqual(mostAtIssue(p));
        expect(lockOf(1_000 * TON, p)).toBe(p.maxReceiptSlash);
    });
});
