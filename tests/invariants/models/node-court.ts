import type { Address } from '@ton/core';
import { OFFER } from '../../helpers/protocol';
import type { Flight } from '../chain';
import type { Note, Suit } from '../notes';
import { accepted, burnt, type Expected, excessTo, payment, REFUSED, type Verdict } from '../verdict';
import { atIssue, provenPrice } from './court';
import type { NodeModel } from './node';
import { AMPLE, type Surroundings } from './surroundings';

type Of<Kind extends Note['kind']> = Extract<Note, { kind: Kind }>;

/** What a node answers to messages about disputes; undefined for all others. */
export function judgeOfNode(node: NodeModel, flight: Flight, around: Surroundings): Verdict | undefined {
    const { note, from } = flight;
    const brought = flight.value >= AMPLE / 8n;
    switch (note.kind) {
        case 'accuse':
            return accuse(node, from, note.suit, around);
        case 'freezeLock':
            return freezeLock(node, from, note);
        case 'settleAccusation':
            return settleAccusation(node, from, note, around.now);
        case 'settleDisputedLock':
            return settleDisputedLock(node, note);
        case 'settleSeat':
            return settleSeat(node, from, note, around.now);
        case 'jurorStake':
            return brought && from.equals(node.owner) ? jurorStake(node, note.amount, around.now) : REFUSED;
        case 'takeSeat':
            return brought && from.equals(node.hot.operator) ? takeSeat(node, note, around.now) : REFUSED;
        case 'releaseCourt':
            return brought ? release(node, from, note.dispute.toRawString(), around.now) : REFUSED;
        default:
            return undefined;
    }
}

function accuse(node: NodeModel, from: Address, suit: Suit, around: Surroundings): Verdict {
    const { receipt, terms, identity, accuser } = suit;
    const { court } = node;
    if (!receipt || !node.adoption.held.has(identity.termsHash) || !from.equals(suit.address)) return REFUSED;
    if (identity.openBefore !== receipt.issuedAt + terms.stakeParams.evidenceWindow) return REFUSED;
    const price = provenPrice(receipt, node.keys);
    if (price === undefined || court.accusations.has(from.toRawString())) return REFUSED;
    if (!court.mayAccuse(accuser)) return REFUSED;
    const wanted = atIssue(terms, price, node.reserve);
    const free = node.unlocked + node.unbonding - court.accused;
    if (wanted <= 0n || (free <= 0n && court.accused === 0n)) return REFUSED;
    const hardEnd = around.now + terms.stakeParams.longestDispute;
    // What others hold may come free.
    if (court.full || (free < wanted && court.accused > 0n)) {
        court.busyUntil = Math.max(court.busyUntil, hardEnd);
        return accepted({ sends: [answer(from, 'Busy', { kind: 'busy', busyUntil: hardEnd })] });
    }
    const amount = wanted < free ? wanted : free;
    if (receipt.conflict) {
        court.lost += 1;
        slash(node, amount);
        // The slot stays taken until the hard end: a stolen key convicts only so often.
        court.accusations.set(from.toRawString(), { accuser, price, amount: 0n, hardEnd });
        const part = price < amount / 2n ? price : amount / 2n;
        const sends = [...payOut(amount, part, accuser), answer(from, 'Convicted', { kind: 'convicted' })];
        return accepted({ sends });
    }
    court.accusations.set(from.toRawString(), { accuser, price, amount, hardEnd });
    return accepted({ sends: [told(node, from, { amount, hardEnd, modelId: suit.modelId, items: 0 })] });
}

function freezeLock(node: NodeModel, from: Address, note: Of<'freezeLock'>): Verdict {
    const lock = node.locks.get(from.toRawString());
    if (lock?.seq !== note.seq) return REFUSED;
    return accepted({ sends: [told(node, note.dispute, { ...note, amount: lock.amount })] });
}

function told(
    { index, owner, hot }: NodeModel,
    dispute: Address,
    fact: { amount: bigint; hardEnd: number; modelId: bigint; items: number },
): Expected {
    const { amount, hardEnd, modelId, items } = fact;
    const { operator, payout } = hot;
    const parties = { owner, operator, payout };
    return answer(dispute, 'Accused', {
        kind: 'accused',
        index,
        amount,
        hardEnd,
        modelId,
        items,
        ...parties,
    });
}

function answer(to: Address, opcode: Expected['opcode'], note: Note): Expected {
    return { to, opcode, note };
}

function settleAccusation(
    node: NodeModel,
    from: Address,
    { convicted, costs }: Of<'settleAccusation'>,
    now: number,
): Verdict {
    const { court } = node;
    const accusation = court.accusations.get(from.toRawString());
    if (!accusation) return accepted(excessTo(from));
    court.accusations.delete(from.toRawString());
    if (now > accusation.hardEnd) return accepted();
    if (!convicted) {
        court.won += 1;
        return accepted();
    }
    court.lost += 1;
    const { amount, price, accuser } = accusation;
    slash(node, amount);
    const compensation = (price < amount / 2n ? price : amount / 2n) + costs;
    return accepted({ sends: payOut(amount, compensation < amount ? compensation : amount, accuser) });
}

function settleDisputedLock(node: NodeModel, note: Of<'settleDisputedLock'>): Verdict {
    const collateral = node.endLock(note.job, note.seq);
    if (collateral === undefined) return REFUSED;
    const lost = note.slash < collateral ? note.slash : collateral;
    node.stake -= lost;
    node.slashed += lost;
    node.court.lost += 1;
    return accepted({
        sends: payOut(lost, note.compensation < lost ? note.compensation : lost, note.client),
    });
}

function settleSeat(
    node: NodeModel,
    from: Address,
    { fee, slash: asked, beneficiary }: Of<'settleSeat'>,
    now: number,
): Verdict {
    const sends = fee > 0n ? [payment('JurorFee', node.hot.payout, fee)] : [];
    const { bond, hardEnd } = node.court.endSeat(from.toRawString());
    const lost = now > hardEnd ? 0n : asked < bond ? asked : bond;
    node.stake -= lost;
    node.court.jurorStake -= lost;
    node.slashed += lost;
    return accepted({ sends: [...sends, ...payOut(lost, lost / 2n, beneficiary)] });
}

function jurorStake(node: NodeModel, amount: bigint, now: number): Verdict {
    const { court } = node;
    const raise = amount - court.jurorStake;
    if (amount < court.bonds || (raise > 0n && (node.exiting || raise > node.spare))) return REFUSED;
    if (raise > 0n) court.jurorSince = now;
    court.jurorStake = amount;
    return accepted(excessTo(node.owner));
}

function takeSeat(node: NodeModel, note: Of<'takeSeat'>, now: number): Verdict {
    const { suit, round, sealed } = note;
    const { court, index, owner, hot } = node;
    const { disputes } = suit.terms.kinds;
    const dispute = suit.address.toRawString();
    if (!disputes || !node.adoption.held.has(suit.identity.termsHash) || note.offer !== 0) return REFUSED;
    const bond = disputes.jurorBond;
    if (!court.maySit(dispute, bond)) return REFUSED;
    court.seats.set(dispute, { bond, hardEnd: now + suit.terms.stakeParams.longestDispute });
    const { jurorStake: stake, jurorSince: stakeSince } = court;
    const seat: Note = {
        kind: 'seat',
        index,
        round,
        bond,
        stake,
        stakeSince,
        modelId: OFFER.modelId,
        offeredSince: node.bornAt,
        owner,
        operator: hot.operator,
        sealed,
        node: node.address,
    };
    return accepted({ sends: [{ to: suit.address, opcode: 'Seat', note: seat }] });
}

function release(node: NodeModel, from: Address, dispute: string, now: number): Verdict {
    const { accusations, seats } = node.court;
    const held = [accusations.get(dispute), seats.get(dispute)].filter((one) => one !== undefined);
    if (held.length === 0 || held.some(({ hardEnd }) => now <= hardEnd)) return REFUSED;
    accusations.delete(dispute);
    seats.delete(dispute);
    return accepted(excessTo(from));
}

/** Out of the stake that nothing has locked, then out of what unbonds, the earliest first. */
function slash(node: NodeModel, amount: bigint): void {
    node.slashed += amount;
    const fromStake = amount < node.unlocked ? amount : node.unlocked;
    node.stake -= fromStake;
    let left = amount - fromStake;
    for (const unlockAt of [...node.unbondings.keys()].sort((a, b) => a - b)) {
        const entry = node.unbondings.get(unlockAt) ?? 0n;
        const taken = entry < left ? entry : left;
        left -= taken;
        if (taken === entry) node.unbondings.delete(unlockAt);
        else node.unbondings.set(unlockAt, entry - taken);
    }
}

/** Part of a slash to somebody, the rest to nobody. */
function payOut(amount: bigint, part: bigint, to: Address): Expected[] {
    const sends = part > 0n ? [payment('DisputePayout', to, part)] : [];
    return amount > part ? [...sends, burnt(amount - part)] : sends;
}
