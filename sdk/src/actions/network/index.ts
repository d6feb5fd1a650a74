import { checkCompatibility } from './check-compatibility';
import { deployProtocol } from './deploy-protocol';
import { getModels } from './get-models';
import { getNetwork } from './get-network';
import { getProposal } from './get-proposal';
import { getRelease } from './get-release';
import { getTerms } from './get-terms';
import {
    acceptGovernance,
    cancelProposal,
    executeProposal,
    getAcceptGovernanceTxParams,
    getCancelProposalTxParams,
    getExecuteProposalTxParams,
    getProposeTxParams,
    getTransferGovernanceTxParams,
    propose,
    transferGovernance,
} from './governance';
import { assertNotPaused, isPaused } from './is-paused';
import { getPauseNetworkTxParams, getUnpauseNetworkTxParams, pauseNetwork, unpauseNetwork } from './pause';

export * from './check-compatibility';
export * from './deploy-protocol';
export * from './get-models';
export * from './get-network';
export * from './get-proposal';
export * from './get-release';
export * from './get-terms';
export * from './governance';
export * from './is-paused';
export * from './pause';
export * from './plan-deployment';

/** Bound as `cocoon.network.*`. */
export const networkActions = {
    getNetwork,
    getTerms,
    getRelease,
    getProposal,
    getModels,
    isPaused,
    assertNotPaused,
    checkCompatibility,
    deployProtocol,
    propose,
    getProposeTxParams,
    executeProposal,
    getExecuteProposalTxParams,
    cancelProposal,
    getCancelProposalTxParams,
    transferGovernance,
    getTransferGovernanceTxParams,
    acceptGovernance,
    getAcceptGovernanceTxParams,
    pauseNetwork,
    getPauseNetworkTxParams,
    unpauseNetwork,
    getUnpauseNetworkTxParams,
};
