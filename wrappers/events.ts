import type { Cell, Slice } from '@ton/core';
import { opcodes } from '../build/artifacts';
import * as dispute from '../build/Dispute/Dispute_Dispute';
import * as binding from '../build/Registry/Registry_Registry';

const loaders = {
    [opcodes.NodeRegistered]: binding.loadNodeRegistered,
    [opcodes.ProposalQueued]: binding.loadProposalQueued,
    [opcodes.ProposalExecuted]: binding.loadProposalExecuted,
    [opcodes.ProposalCancelled]: binding.loadProposalCancelled,
    [opcodes.GovernanceTransferred]: binding.loadGovernanceTransferred,
    [opcodes.PauseChanged]: binding.loadPauseChanged,
    [opcodes.StakeChanged]: binding.loadStakeChanged,
    [opcodes.ProfileChanged]: binding.loadProfileChanged,
    [opcodes.KeysRotated]: binding.loadKeysRotated,
    [opcodes.OwnershipTransferred]: binding.loadOwnershipTransferred,
    [opcodes.TermsChanged]: binding.loadTermsChanged,
    [opcodes.NodeUpgraded]: binding.loadNodeUpgraded,
    [opcodes.LockSettled]: binding.loadLockSettled,
    [opcodes.JobAnnounced]: binding.loadJobAnnounced,
    [opcodes.JobClaimed]: binding.loadJobClaimed,
    [opcodes.KeyDisclosed]: binding.loadKeyDisclosed,
    [opcodes.ResultSubmitted]: binding.loadResultSubmitted,
    [opcodes.JobReopened]: binding.loadJobReopened,
    [opcodes.JobClosed]: binding.loadJobClosed,
    [opcodes.JobDisputed]: binding.loadJobDisputed,
    [opcodes.AccusationChanged]: binding.loadAccusationChanged,
    [opcodes.JurorStakeChanged]: binding.loadJurorStakeChanged,
    [opcodes.DisputeOpened]: dispute.loadDisputeOpened,
    [opcodes.EvidenceDisclosed]: dispute.loadEvidenceDisclosed,
    [opcodes.SeatTaken]: dispute.loadSeatTaken,
    [opcodes.VoteRevealed]: dispute.loadVoteRevealed,
    [opcodes.DisputeResolved]: dispute.loadDisputeResolved,
};

/** An event of a contract. `$$type` is its name; integers are bigint, amounts in nanoTON, times in unix seconds. */
export type ProtocolEvent = ReturnType<(typeof loaders)[keyof typeof loaders]>;

/** Reads the body of an external-out message; null when it is no event of the protocol. */
export function decodeEvent(body: Cell): ProtocolEvent | null {
    const slice = body.beginParse();
    if (slice.remainingBits < 32) return null;
    const load = (loaders as Record<number, (slice: Slice) => ProtocolEvent>)[slice.preloadUint(32)];
    return load ? load(slice) : null;
}
