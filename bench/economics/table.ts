import { formatDuration, formatTable } from '../../tools/deploy/units';
import { PRICE_FACTORS } from './keepers';
import { TON } from './parameters';
import { SAVINGS, type Study } from './study';

const ton = (nano: number, digits = 4) => (nano / TON).toFixed(digits);
const percent = (part: number, digits = 2) => `${(100 * part).toFixed(digits)} %`;

export function tablesOf(result: Study): string {
    return [
        ...cheating(result),
        ...jury(result),
        ...race(result),
        ...selfDispute(result),
        ...others(result),
    ].join('\n');
}

function cheating({ cheating, jobs, leastWorthwhilePrice, mostAtIssue }: Study): string[] {
    const saves = SAVINGS.map((saving) => `audit rate, saves ${percent(saving, 0)}`);
    return [
        'Sessions: at which share of answers scored again and disputed a cheaper model earns nothing',
        formatTable([
            ['price, TON', 'lock, TON', ...saves, 'accuser after it, TON', 'convictions to half the reserve'],
            ...cheating.map(({ price, lock, auditRates, accuser, convictionsToHalfReserve }) => [
                ton(price, 5),
                ton(lock),
                ...auditRates.map((rate) => percent(rate, 4)),
                ton(accuser),
                String(convictionsToHalfReserve),
            ]),
        ]),
        leastWorthwhilePrice === null
            ? 'No conviction pays its accuser.'
            : `A conviction costs its accuser nothing from a price of ${ton(leastWorthwhilePrice, 6)} TON.`,
        '',
        `Jobs (price + collateral up to ${ton(mostAtIssue, 0)} TON)`,
        formatTable([
            ['collateral / price', ...saves],
            ...jobs.map(({ collateral, auditRates }) => [
                String(collateral),
                ...auditRates.map((rate) => percent(rate)),
            ]),
        ]),
        '',
    ];
}

function jury({ capture }: Study): string[] {
    return [
        `Jury capture, ${capture[0]!.disputes.toLocaleString('en')} disputes each; honest jurors err and fail sometimes`,
        formatTable([
            ['share', 'coalition wants', 'gets it', 'no verdict', 'binomial', 'average, TON'],
            ...capture.map(({ share, strategy, wrong, noQuorum, binomial, gain }) => [
                percent(share, 0),
                strategy,
                percent(wrong),
                percent(noQuorum),
                percent(binomial),
                ton(gain, 3),
            ]),
        ]),
        '',
    ];
}

function race({ race }: Study): string[] {
    return [
        `Seats: a third of the stake is hostile and needs no time, honest jurors need ${race[0]!.judging} s`,
        formatTable([
            ['nodes of the least stake', 'all seats taken', 'after, s', 'majority hostile'],
            ...race.map(({ nodes, filled, seconds, captured }) => [
                String(nodes),
                percent(filled),
                seconds.toFixed(0),
                percent(captured),
            ]),
        ]),
        '',
    ];
}

function selfDispute({ selfDispute }: Study): string[] {
    return [
        'Self-dispute: the best that an owner can make of accusing its own node',
        formatTable([
            ['price, TON', 'without jurors, TON', 'with a third of the stake, TON', 'earns from a share of'],
            ...selfDispute.map(({ price, alone, withThird, paysFromShare }) => [
                ton(price, 5),
                ton(alone),
                ton(withThird),
                paysFromShare === 1 ? 'none' : percent(paysFromShare, 1),
            ]),
        ]),
        '',
    ];
}

function others({ griefing, jurors, keepers, longestCourse }: Study): string[] {
    const { falseAccusation, accusedGains, busyCost, busyAccusers, busySeconds } = griefing;
    return [
        `A false accusation costs ${ton(falseAccusation, 3)} TON and gives the accused ${ton(accusedGains, 3)} TON.`,
        `Keeping a node busy for ${formatDuration(busySeconds)}: ${busyAccusers} accusers, ${ton(busyCost, 1)} TON lost.`,
        `A dispute ends ${formatDuration(longestCourse)} after its confirmation at the latest.`,
        `Jurors: judging pays below ${percent(jurors.tolerableError)} errors and ${percent(jurors.tolerableSilence)} outages; ` +
            `voting blindly pays when more than ${percent(jurors.blindAbove)} of the accused are guilty; ` +
            `a majority risks ${ton(jurors.bribe, 1)} TON.`,
        '',
        formatTable([
            ['poke', 'fees, TON', ...PRICE_FACTORS.map((factor) => `left of the tip at ${factor} × prices`)],
            ...keepers.map(({ name, fee, net }) => [name, ton(fee, 5), ...net.map((left) => ton(left, 5))]),
        ]),
    ];
}
