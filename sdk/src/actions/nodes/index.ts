import { acceptOwnership, getAcceptOwnershipTxParams } from './accept-ownership';
import { addStake, getAddStakeTxParams } from './add-stake';
import { adoptTerms, getAdoptTermsTxParams } from './adopt-terms';
import { dropTerms, getDropTermsTxParams } from './drop-terms';
import { findNodes } from './find-nodes';
import { getNode } from './get-node';
import { listNodes } from './list-nodes';
import { getRegisterNodeTxParams, registerNode } from './register-node';
import { getReleaseAllocationTxParams, releaseAllocation } from './release-allocation';
import { getReleaseExpiredLockTxParams, releaseExpiredLock } from './release-expired-lock';
import { getRequestUpgradeTxParams, requestUpgrade } from './request-upgrade';
import { getRotateKeysTxParams, rotateKeys } from './rotate-keys';
import { getTransferOwnershipTxParams, transferOwnership } from './transfer-ownership';
import { getUnbondTxParams, unbond } from './unbond';
import { getUpdateProfileTxParams, updateProfile } from './update-profile';
import { getWithdrawUnbondedTxParams, withdrawUnbonded } from './withdraw-unbonded';

export * from './accept-ownership';
export * from './add-stake';
export * from './adopt-terms';
export * from './drop-terms';
export * from './find-nodes';
export * from './get-node';
export * from './list-nodes';
export * from './register-node';
export * from './release-allocation';
export * from './release-expired-lock';
export * from './request-upgrade';
export * from './rotate-keys';
export type { NodeTarget } from './target';
export * from './transfer-ownership';
export * from './unbond';
export * from './update-profile';
export * from './withdraw-unbonded';

/** Bound as `cocoon.nodes.*`. */
export const nodeActions = {
    getNode,
    listNodes,
    findNodes,
    getRegisterNodeTxParams,
    registerNode,
    getAddStakeTxParams,
    addStake,
    getUnbondTxParams,
    unbond,
    getWithdrawUnbondedTxParams,
    withdrawUnbonded,
    getUpdateProfileTxParams,
    updateProfile,
    getRotateKeysTxParams,
    rotateKeys,
    getTransferOwnershipTxParams,
    transferOwnership,
    getAcceptOwnershipTxParams,
    acceptOwnership,
    getAdoptTermsTxParams,
    adoptTerms,
    getDropTermsTxParams,
    dropTerms,
    getRequestUpgradeTxParams,
    requestUpgrade,
    getReleaseExpiredLockTxParams,
    releaseExpiredLock,
    getReleaseAllocationTxParams,
    releaseAllocation,
};
