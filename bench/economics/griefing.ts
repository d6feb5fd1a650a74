import { COURSE_FEES, type Parameters, SLOTS, SLOTS_OF_ONE_ACCUSER } from './parameters';

// What it costs to accuse honest nodes, and what that does to them.

export interface Griefing {
    /** What one rejected accusation costs its accuser, nanoTON. */
    falseAccusation: number;
    /** What the accused has of it, nanoTON. */
    accusedGains: number;
    /** What it costs to fill all slots of a node and find it busy, nanoTON, and accounts that it takes. */
    busyCost: number;
    busyAccusers: number;
    /** Seconds that the node then can neither claim nor withdraw. */
    busySeconds: number;
    /** Bonds that lie idle meanwhile, nanoTON. */
    busyCapital: number;
}

export function griefing(p: Parameters): Griefing {
    const falseAccusation = p.accuserBond + p.jurors * p.jurorFee + COURSE_FEES;
    const accusations = SLOTS + 1;
    return {
        falseAccusation,
        accusedGains: Math.floor(p.accuserBond / 2),
        // The one that finds no slot gets its bond back.
        busyCost: SLOTS * falseAccusation,
        busyAccusers: Math.ceil(accusations / SLOTS_OF_ONE_ACCUSER),
        busySeconds: p.longestDispute,
        busyCapital: accusations * falseAccusation,
    };
}

/** The longest course of a dispute by its windows, seconds from its confirmation. */
export const longestCourse = (p: Parameters) =>
    p.discloseWindow + p.answerWindow + 2 * (p.seatWindow + p.revealWindow);
