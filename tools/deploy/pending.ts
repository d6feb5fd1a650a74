import type { Cell, OpenedContract } from '@ton/core';
import type { Registry } from 'cocoon-wrappers';
import { DeployError } from './errors';
import { findProposal } from './proposal-file';
import type { Session } from './session';
import { formatTime } from './units';

export interface Pending {
    id: number;
    executableAt: number;
    proposal: Cell;
}

function parseId(text: string): number {
    if (/^\d{1,9}$/.test(text)) return Number(text);
    throw new DeployError(
        `${text} is not the number of a proposal.`,
        'showNetwork lists those that are pending.',
    );
}

/** @throws DeployError when no proposal of that number is pending */
export async function loadPending(session: Session, registry: OpenedContract<Registry>): Promise<Pending> {
    const id = parseId(session.args.positional('proposal'));
    const pending = await registry.getProposal(id);
    if (!pending) {
        throw new DeployError(
            `Proposal ${id} is not pending: it was executed, cancelled or never made.`,
            'showNetwork lists those that are pending.',
        );
    }
    const { provider, network } = session;
    const proposal = await findProposal(provider, network, registry.address, id, pending.hash);
    return { id, executableAt: pending.executableAt, proposal };
}

/** @throws DeployError before the timelock is over, by this machine's clock */
export function requireDue({ id, executableAt }: Pending): void {
    if (Date.now() >= executableAt * 1_000) return;
    throw new DeployError(
        `Too early: proposal ${id} can be executed from ${formatTime(executableAt)}.`,
        'Run this again then; anyone may.',
    );
}
