import { allocate, getAllocateTxParams } from './allocate';
import { destroyVault, getDestroyVaultTxParams } from './destroy-vault';
import { finishRelease, getFinishReleaseTxParams } from './finish-release';
import { isGenuineVault } from './genuine';
import { getAllocation, getAllocations } from './get-allocations';
import { getVault } from './get-vault';
import { getIncreaseAllocationTxParams, increaseAllocation } from './increase-allocation';
import { getOpenVaultTxParams, openVault } from './open-vault';
import { getRedeemManyTxParams, getRedeemTxParams, redeem, redeemMany } from './redeem';
import { getRequestReleaseTxParams, requestRelease } from './request-release';
import { getTopUpVaultTxParams, topUpVault } from './top-up-vault';
import { getWithdrawFromVaultTxParams, withdrawFromVault } from './withdraw-from-vault';

export * from './allocate';
export * from './destroy-vault';
export * from './finish-release';
export {
    type IsGenuineVaultErrorType,
    type IsGenuineVaultParameters,
    type IsGenuineVaultReturnType,
    isGenuineVault,
} from './genuine';
export * from './get-allocations';
export {
    type GetVaultErrorType,
    type GetVaultParameters,
    type GetVaultReturnType,
    getVault,
    type VaultInfo,
} from './get-vault';
export * from './increase-allocation';
export * from './open-vault';
export * from './redeem';
export * from './request-release';
export type { AllocationOrder, AllocationTarget, VaultTarget, VoucherParameters } from './target';
export * from './top-up-vault';
export * from './withdraw-from-vault';

/** Bound as `cocoon.vaults.*`. */
export const vaultActions = {
    open: openVault,
    getOpenTxParams: getOpenVaultTxParams,
    get: getVault,
    getAllocation,
    getAllocations,
    isGenuine: isGenuineVault,
    topUp: topUpVault,
    getTopUpTxParams: getTopUpVaultTxParams,
    withdraw: withdrawFromVault,
    getWithdrawTxParams: getWithdrawFromVaultTxParams,
    allocate,
    getAllocateTxParams,
    increaseAllocation,
    getIncreaseAllocationTxParams,
    redeem,
    getRedeemTxParams,
    redeemMany,
    getRedeemManyTxParams,
    requestRelease,
    getRequestReleaseTxParams,
    finishRelease,
    getFinishReleaseTxParams,
    destroy: destroyVault,
    getDestroyTxParams: getDestroyVaultTxParams,
};
