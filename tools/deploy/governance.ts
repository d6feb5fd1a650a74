import { type Address, Cell, type OpenedContract, type Transaction } from '@ton/core';
import type { Registry } from 'cocoon-wrappers';
import { type Governance, loadGovernance, loadRegistryState } from '../../build/Registry/Registry_Registry';
import { DeployError } from './errors';
import { operationFee, readPrices, registryStorage, withMargin } from './fees';
import { confirmAndSend } from './send';
import type { Session } from './session';

export interface GovernanceAction {
    purpose: string;
    body: Cell;
    /** Gas that the contract reserves for it; one of the GAS_… constants of the Registry's binding. */
    gas: bigint;
    /** Who may send it; undefined: anyone. */
    from?: { role: string; addresses: Address[] };
    /** What the Registry will hold afterwards; default: what it holds now. */
    after?: { release?: Cell; models?: number };
}

/** Sends a governance message with enough value for its fees and for what the Registry lacks of its storage reserve. */
export async function sendToRegistry(
    session: Session,
    registry: OpenedContract<Registry>,
    action: GovernanceAction,
): Promise<Transaction | undefined> {
    if (action.from) requireSender(session, action.from);
    const prices = await readPrices(session.provider);
    const { balance } = await session.provider.getContractState(registry.address);
    const release = action.after?.release ?? (await registry.getReleaseCell());
    const models = action.after?.models ?? (await registry.getNetwork()).modelCount;
    const reserve = registryStorage(prices, release, models);
    const refill = reserve > balance ? reserve - balance : 0n;
    const value = withMargin(operationFee(prices, action.gas) + refill);
    return confirmAndSend(session, {
        purpose: action.purpose,
        to: registry.address,
        value,
        body: action.body,
    });
}

/** Dry runs are for whoever prepares a multisig's order; deep links do not tell the wallet. */
function requireSender(
    { args, sender }: Session,
    { role, addresses }: { role: string; addresses: Address[] },
) {
    if (args.flag('dry-run') || !sender || addresses.some((address) => address.equals(sender))) return;
    throw new DeployError(
        `Only the ${role} may send this, ${addresses.join(' or ')}; this wallet is ${sender}.`,
        'Use that wallet. If it is a multisig, --dry-run prints what to put into its order.',
    );
}

/** Governance as it stands in the Registry's data: what no getter tells, such as the ids of pending proposals. */
export async function readGovernance(session: Session, registry: Address): Promise<Governance> {
    const { state } = await session.provider.getContractState(registry);
    const data = state.type === 'active' && state.data ? Cell.fromBoc(state.data)[0] : undefined;
    if (!data)
        throw new DeployError(`There is no Registry at ${registry}.`, 'Deploy it with deployProtocol.');
    const identity = data.beginParse();
    identity.loadAddress();
    identity.skip(64 + 256 + 16);
    return loadGovernance(loadRegistryState(identity.loadRef().beginParse()).governance.beginParse());
}
