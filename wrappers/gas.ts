// Measured gas and storage sizes, as the contracts compute their fees with them.
export {
    ANNOUNCE_BITS,
    ANNOUNCE_CELLS,
    GAS_ANNOUNCE,
    GAS_CLAIMED,
    GAS_DESTROY,
    GAS_JOB_STEP,
    GAS_POST_JOB,
    GAS_SETTLE,
    GAS_SETTLE_LOCK,
    JOB_STORAGE_BITS,
    JOB_STORAGE_CELLS,
    MAX_CLAIMS,
    MAX_OPEN_AHEAD,
    SPEC_CELLS,
    SPEC_CONTENT_BITS,
} from '../build/Job/Job_Job';
export { MARKET_STORAGE_BITS, MARKET_STORAGE_CELLS } from '../build/Market/Market_Market';
export {
    FIVE_YEARS,
    GAS_ADOPT_TERMS,
    GAS_CLAIM,
    GAS_DECLINE,
    GAS_NODE_SIMPLE,
    GAS_RELEASE_LOCK,
    GAS_UPDATE_PROFILE_OFFER,
    GAS_UPGRADE,
    NODE_STORAGE_BITS,
    NODE_STORAGE_CELLS,
} from '../build/Node/Node_Node';
export {
    EVENT_BITS,
    EVENT_CELLS,
    GAS_EXECUTE,
    GAS_INIT,
    GAS_PROPOSE,
    GAS_SIMPLE,
    MODEL_BITS,
    MODEL_CELLS,
    REGISTRY_BITS,
    REGISTRY_CELLS,
} from '../build/Registry/Registry_Registry';
