/** What an exit code means to a person. */
export type ExitCode = { readonly name: string; readonly meaning: string; readonly remedy: string };

/** Exit codes by number. */
export type ExitCodeTable = Readonly<Record<number, ExitCode>>;

const BUG = 'Report it with the transaction hash: a correct contract and SDK do not cause it.';
const MORE_GAS = 'Attach more value; what is not used returns.';
const FUNDS = 'Attach more value, or send TON to the account that failed.';

/** Exit and result codes of the TVM, the action phase and the Tact compiler. */
export const STANDARD_EXIT_CODES: ExitCodeTable = {
    [-14]: { name: 'OUT_OF_GAS', meaning: 'the message brought too little gas', remedy: MORE_GAS },
    2: { name: 'STACK_UNDERFLOW', meaning: 'the code took more from the stack than there is', remedy: BUG },
    3: { name: 'STACK_OVERFLOW', meaning: 'the code put too much on the stack', remedy: BUG },
    4: {
        name: 'INTEGER_OVERFLOW',
        meaning: 'a number left its range',
        remedy: 'Check the amounts in the message.',
    },
    5: {
        name: 'OUT_OF_RANGE',
        meaning: 'a number left its range',
        remedy: 'Check the amounts in the message.',
    },
    6: { name: 'INVALID_OPCODE', meaning: 'the code has an instruction that does not exist', remedy: BUG },
    7: { name: 'TYPE_CHECK', meaning: 'a value has the wrong type', remedy: BUG },
    8: { name: 'CELL_OVERFLOW', meaning: 'too much was written into a cell', remedy: 'Send shorter values.' },
    9: {
        name: 'CELL_UNDERFLOW',
        meaning: 'the message is shorter than its format',
        remedy: 'Build it with this SDK.',
    },
    10: { name: 'DICTIONARY_ERROR', meaning: 'a dictionary is damaged', remedy: BUG },
    13: { name: 'OUT_OF_GAS', meaning: 'the message brought too little gas', remedy: MORE_GAS },
    32: { name: 'ACTION_LIST_INVALID', meaning: 'the list of actions is invalid', remedy: BUG },
    33: {
        name: 'ACTION_LIST_TOO_LONG',
        meaning: 'there are more than 255 actions',
        remedy: 'Send fewer messages.',
    },
    34: { name: 'ACTION_INVALID', meaning: 'an action is invalid or not supported', remedy: BUG },
    36: {
        name: 'DESTINATION_INVALID',
        meaning: 'the destination of a message is invalid',
        remedy: 'Check the addresses.',
    },
    37: { name: 'NOT_ENOUGH_TON', meaning: 'an account cannot pay for its messages', remedy: FUNDS },
    38: { name: 'NOT_ENOUGH_CURRENCY', meaning: 'an account lacks an extra currency', remedy: FUNDS },
    40: {
        name: 'MESSAGE_FEE',
        meaning: 'an account cannot pay for forwarding, or a message is too large',
        remedy: FUNDS,
    },
    43: {
        name: 'MESSAGE_TOO_LARGE',
        meaning: 'a message has too many cells or is too deep',
        remedy: 'Send less data.',
    },
    50: { name: 'STATE_TOO_LARGE', meaning: 'the account would have too much state', remedy: BUG },
    128: { name: 'NULL_REFERENCE', meaning: 'a value is missing', remedy: BUG },
    129: {
        name: 'INVALID_PREFIX',
        meaning: 'the message has another opcode than it should',
        remedy: 'Build it with this SDK.',
    },
    130: {
        name: 'UNKNOWN_MESSAGE',
        meaning: 'the contract has no receiver for this message',
        remedy: 'Check the address.',
    },
    132: {
        name: 'ACCESS_DENIED',
        meaning: 'the sender may not do this',
        remedy: 'Use the wallet that owns the contract.',
    },
    134: {
        name: 'INVALID_ARGUMENT',
        meaning: 'the contract refused a value',
        remedy: 'Check the values in the message.',
    },
    136: { name: 'INVALID_ADDRESS', meaning: 'an address is invalid', remedy: 'Check the addresses.' },
    137: {
        name: 'MASTERCHAIN_ADDRESS',
        meaning: 'masterchain is not allowed here',
        remedy: 'Use basechain addresses.',
    },
};

/** Looks a code up in `table`, then among the standard codes. */
export function describeExitCode(code: number, table: ExitCodeTable = {}): ExitCode {
    return (
        table[code] ??
        STANDARD_EXIT_CODES[code] ?? {
            name: `EXIT_${code}`,
            meaning: `the contract ended with exit code ${code}`,
            remedy: 'Look the code up in the documentation of the contract at this address.',
        }
    );
}
