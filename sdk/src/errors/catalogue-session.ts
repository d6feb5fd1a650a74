import type { ErrorEntry } from './entry';

/** Errors of real-time sessions, docs/spec/session.md. */
export const SESSION_ERRORS = {
    session_malformed: {
        meaning: 'Bytes of a session do not have the format of docs/spec/session.md.',
        remedy: 'Ask another node; update cocoon-sdk if several nodes do this.',
    },
    session_decryption_failed: {
        meaning:
            'A frame or envelope did not open: it was altered, left out, repeated, moved, or sealed for someone else.',
        remedy: 'Do not use the rest of this answer. Ask again; if it persists, use another relay or node.',
    },
    session_key_unknown: {
        meaning: 'An envelope is sealed to an encryption key that the node does not have.',
        remedy: 'Read the node’s key again and seal to it; a client does this by itself once.',
    },
    session_truncated: {
        meaning:
            'An answer ended without its last frame, and sending the request again did not bring the rest.',
        remedy: 'Use what was delivered as incomplete, or ask again. It is paid up to its last receipt.',
    },
    session_unreachable: {
        meaning: 'The endpoint of the node could not be reached, or the connection broke for good.',
        remedy: 'Ask another node; check the endpoint in the node’s profile.',
    },
    session_timeout: {
        meaning: 'The node accepted the request and then sent nothing for too long.',
        remedy: 'Ask another node, or raise the time limits of the client for slow models.',
    },
    session_failed: {
        meaning: 'The node ended the answer early with a failure that the details name.',
        remedy: 'Use what was delivered as incomplete, or ask another node. It is paid up to its last receipt.',
    },
    session_violation: {
        meaning: 'The node said something provably wrong: the details name the check that failed.',
        remedy: 'Send this node nothing more and release the allocation. The evidence was handed to the evidence store.',
    },
    session_allocation_spent: {
        meaning: 'The allocation does not hold what the request needs.',
        remedy: 'Increase the allocation (increaseAllocation), lower max_tokens, or use another node.',
    },
    session_store_failed: {
        meaning: 'The high-water marks of the channel could not be made durable, so that nothing was signed.',
        remedy: 'Repair the store, then ask again.',
    },
    evidence_store_failed: {
        meaning: 'An answer was delivered and paid, but the store that should keep its evidence failed.',
        remedy: 'Repair the store; the cause says what is wrong with it. This answer cannot be disputed without its evidence.',
    },
    session_envelope_invalid: {
        meaning: 'The node could not read the envelope.',
        remedy: 'Update cocoon-sdk; check that a proxy in between does not change bodies.',
    },
    session_request_invalid: {
        meaning: 'The node could not read the request, or it asks for something that the model cannot do.',
        remedy: 'Correct the body of the request.',
    },
    session_context_too_long: {
        meaning: 'Prompt and max_tokens together exceed the context length of the offer.',
        remedy: 'Shorten the prompt, lower max_tokens, or choose an offer with a longer context.',
    },
    session_voucher_invalid: {
        meaning: 'The node did not accept the voucher: wrong signature or above the allocation.',
        remedy: 'Check that the voucher key is the one of this slot and generation on chain.',
    },
    session_protocol_unsupported: {
        meaning: 'The node speaks another version of the session protocol.',
        remedy: 'Update cocoon-sdk, or ask another node.',
    },
    session_signature_invalid: {
        meaning: 'The node did not accept the client’s signature.',
        remedy: 'Check that the voucher key is the one of this slot and generation on chain.',
    },
    session_clock_skew: {
        meaning: 'The clocks of client and node differ by more than a minute.',
        remedy: 'Set the clock of this machine; if it is right, ask another node.',
    },
    session_payment_required: {
        meaning: 'The node asks for more than the client has paid, and the client did not pay it.',
        remedy: 'Ask another node: the client pays by itself whatever can be right.',
    },
    session_vault_unknown: {
        meaning: 'The node does not see the Vault on chain.',
        remedy: 'Wait until the Vault’s opening is final, then ask again.',
    },
    session_allocation_unknown: {
        meaning: 'The node does not see the allocation on chain.',
        remedy: 'Wait until the allocation is final, then ask again; check slot and generation.',
    },
    session_terms_unknown: {
        meaning: 'The node has not adopted the terms of this Vault.',
        remedy: 'Ask another node, or open a Vault under the node’s terms.',
    },
    session_model_unknown: {
        meaning: 'The node does not serve this model.',
        remedy: 'Ask another node; read the offers again.',
    },
    session_price_changed: {
        meaning: 'The node’s offer asks more than the prices that the client named.',
        remedy: 'Read the offer again, then ask with its prices or ask another node.',
    },
    session_sequence_used: {
        meaning: 'The node has seen another request with this sequence.',
        remedy: 'Make sure that one process alone uses the allocation; a client takes a new sequence by itself.',
    },
    session_sequence_too_old: {
        meaning: 'The sequence is more than 1,024 below the highest that the node has seen.',
        remedy: 'Make sure that one process alone uses the allocation; a client takes a new sequence by itself.',
    },
    session_allocation_released: {
        meaning: 'The allocation is being released or is released.',
        remedy: 'Allocate anew.',
    },
    session_node_busy: {
        meaning: 'The node runs as many requests as it can.',
        remedy: 'Ask another node, or wait for retryAfterSeconds.',
    },
    session_engine_failed: {
        meaning: 'The engine of the node failed before the first token.',
        remedy: 'Ask another node.',
    },
    session_draining: {
        meaning: 'The node takes no new requests because it is being stopped.',
        remedy: 'Ask another node.',
    },
    session_chain_unavailable: {
        meaning: 'The node cannot read the chain at present and does not know the allocation.',
        remedy: 'Ask another node, or again later.',
    },
} as const satisfies Record<string, ErrorEntry>;
