import { exitCodes } from '../../build/artifacts';

/** What a deployer can do about the exit codes that the Registry answers with. */
const remedies: Record<string, string> = {
    ERR_ACCESS:
        'Send it from the wallet that may: the governor, the pending governor or the guardian. See showNetwork.',
    ERR_VALUE: 'Attach more value; prices may have risen since the estimate. Run the script again.',
    ERR_ALREADY_OPEN: 'The network is deployed; see showNetwork.',
    ERR_NOT_OPEN: 'Deploy the network first, with deployProtocol.',
    ERR_TERMS_HASH: 'The terms changed in the meantime. Run the script again and read what it shows.',
    ERR_RELEASE_HASH:
        'The Node release changed in the meantime. Run the script again and read what it shows.',
    ERR_WORKCHAIN: 'Use addresses in the basechain only.',
    ERR_TOO_LARGE: 'Shorten the endpoint, the manifest, the offers or the release.',
    ERR_KEY: 'Give the public keys that `cocoon-worker keys` prints.',
    ERR_PAUSED: 'Wait until the pause is over; showNetwork says when.',
    ERR_BOUNDS: 'A value is outside the bounds of contracts/registry/bounds.tact. Correct it.',
    ERR_PROPOSAL_UNKNOWN: 'It was executed or cancelled, or its content is another; see showProposal.',
    ERR_TIMELOCK: 'Wait until the time that showProposal prints.',
    ERR_PROPOSALS_FULL: 'Execute or cancel a pending proposal first.',
    ERR_PROPOSAL_EMPTY: 'Put a change into the file.',
    ERR_PAUSE_COOLDOWN: 'Registrations can be paused again at the time that showNetwork prints.',
    ERR_VERSION: 'Another release was executed in the meantime. Cancel this proposal and propose again.',
    ERR_MODELS_FULL: 'Remove models from the catalogue, or change at most 32 in one proposal.',
    ERR_NETWORK: 'Use terms for this network.',
    ERR_NOT_PAUSED: 'There is nothing to end.',
    ERR_STALE: 'Cancel it and propose it again.',
    ERR_MIGRATION: 'Correct the migrator and propose again; nothing has changed.',
};

const vmCodes: Record<number, string> = {
    [-14]: 'out of gas',
    9: 'the message is shorter than its format',
    13: 'out of gas',
    37: 'the contract could not pay for its messages',
    130: 'the contract does not know this message',
};

export function describeExitCode(code: number): { what: string; remedy: string } {
    const known = (exitCodes as Record<string, { name: string; meaning: string }>)[code];
    if (!known) {
        const meaning = vmCodes[code] ?? 'no code of this protocol';
        return {
            what: `exit code ${code} (${meaning})`,
            remedy: 'Check that the contract is the one built here.',
        };
    }
    const remedy = remedies[known.name] ?? 'See contracts/common/errors.tact for the rule that refused it.';
    return { what: `${known.name} (${code}): ${known.meaning}`, remedy };
}
