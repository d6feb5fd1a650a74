import { DISPUTE_ERRORS } from './catalogue-disputes';
import { SESSION_ERRORS } from './catalogue-session';
import type { ErrorEntry } from './entry';
import { INFERENCE_ERRORS } from './inference-catalogue';

/** Every stable error code of the SDK. Codes are never renamed; a cause that differs in its remedy has its own code. */
export const ERROR_CATALOGUE = {
    invalid_argument: {
        meaning: 'A function of the SDK was called with a value that it cannot work with.',
        remedy: 'Correct the argument that the message names.',
    },
    operation_aborted: {
        meaning: 'The caller aborted the operation through its AbortSignal.',
        remedy: 'Nothing to do; start the operation again if it is still wanted.',
    },
    payload_malformed: {
        meaning: 'Bytes or a cell do not have the format of docs/spec/payload.md.',
        remedy: 'Ignore or decline the job: whoever made this payload did not follow the format.',
    },
    payload_too_large: {
        meaning: 'A payload or one of its items exceeds the limit for its place.',
        remedy: 'Split the work into smaller items or jobs, or publish the payload at a URI instead of inline.',
    },
    payload_decryption_failed: {
        meaning:
            'Ciphertext did not open: it was altered, or made for another key, job, direction, claim or network.',
        remedy: 'Check that the key, network id, job address and claim number are those of this job; else decline it.',
    },
    payload_commitment_mismatch: {
        meaning: 'What was decrypted is not what the commitment on chain binds.',
        remedy: 'Do not use the content. A worker declines the job; a client keeps the payload as evidence.',
    },
    payload_content_invalid: {
        meaning: 'An item opened, but it is not a valid request or response.',
        remedy: 'Correct the named field; a worker answers such an item with finishReason "error".',
    },
    payload_fetch_refused: {
        meaning: 'The URI of a payload is not allowed: not https, with credentials, or at a private address.',
        remedy: 'Publish the payload at a public https URL, or set allowPrivate on a test network.',
    },
    payload_fetch_failed: {
        meaning: 'The payload could not be downloaded from its URI.',
        remedy: 'Check that the URL is reachable without redirects and try again.',
    },
    payload_fetch_mismatch: {
        meaning: 'The downloaded payload has another size or SHA-256 than the chain says.',
        remedy: 'Ask the publisher for the right file; a worker does not claim, or declines, such a job.',
    },
    rpc_unreachable: {
        meaning: 'No endpoint of the TON HTTP API could be reached.',
        remedy: 'Check the endpoint URLs, the network connection and, for a local network, that it is running.',
    },
    rpc_timeout: {
        meaning: 'The TON HTTP API did not answer in time.',
        remedy: 'Try again, raise timeoutMs, or add a second endpoint.',
    },
    rpc_rate_limited: {
        meaning: 'The TON HTTP API refused the call because of too many requests.',
        remedy: 'Set an API key, lower ratePerSecond, or add an endpoint.',
    },
    rpc_unauthorized: {
        meaning: 'The TON HTTP API refused the API key.',
        remedy: 'Check that the API key belongs to this endpoint and network.',
    },
    rpc_response: {
        meaning: 'The TON HTTP API answered with an error or with something that is not a valid answer.',
        remedy: 'Check that the endpoint is a toncenter v2 JSON-RPC URL of the right network.',
    },
    rpc_message_rejected: {
        meaning: 'The network did not accept the external message.',
        remedy: 'Usually the wallet has no balance, another seqno, or another key. Check the wallet, then send again.',
    },
    rpc_not_supported: {
        meaning: 'The endpoint does not offer this method.',
        remedy: 'Use an endpoint that offers the whole toncenter v2 API.',
    },
    get_method_failed: {
        meaning: 'A get method ended with an error exit code.',
        remedy: 'Check the address and that the contract is deployed on this network.',
    },
    trace_timeout: {
        meaning: 'The trace was not complete in time. Its messages may still execute.',
        remedy: 'Do not send again. Call resume() of this error to go on waiting.',
    },
    trace_root_ambiguous: {
        meaning: 'The sender has no known address, so that its transactions cannot be followed.',
        remedy: 'Use a sender with an address, as a connected wallet has.',
    },
    transaction_failed: {
        meaning:
            'A transaction of the trace failed; its value was returned unless the details say otherwise.',
        remedy: 'See the exit code and its remedy in the message.',
    },
    watch_gap: {
        meaning: 'The endpoint no longer has the transactions between the cursor and now.',
        remedy: 'Use an archival endpoint; the cursor was not moved, so that nothing is lost.',
    },
    wallet_unfunded: {
        meaning: 'The wallet does not hold enough TON for the messages and their fees.',
        remedy: 'Send TON to the wallet address in the details, then try again.',
    },
    wallet_not_deployed: {
        meaning: 'The wallet is frozen, or not deployed and its code is not known.',
        remedy: 'Deploy or unfreeze the wallet, or pass a wallet contract with its init.',
    },
    wallet_key_mismatch: {
        meaning: 'The secret key does not belong to the public key of the wallet contract.',
        remedy: 'Use the key (mnemonic) that the wallet was created from.',
    },
    wallet_message_expired: {
        meaning: 'The signed message expired without being executed, and never will be.',
        remedy: 'It is safe to send again.',
    },
    wallet_seqno_taken: {
        meaning: 'Another process used the same wallet and seqno, so that this message never executes.',
        remedy: 'It is safe to send again. Give each process a wallet of its own.',
    },
    wallet_outcome_unknown: {
        meaning: 'Whether the signed message will execute could not be found out in time.',
        remedy: 'Do not sign another message. Call recover() of the sender to go on with this one.',
    },
    registry_unknown: {
        meaning: 'The client does not know the address of the Registry: no public deployment is built in.',
        remedy: 'Pass registry, the address that your network publishes; after a deployment, the one it printed.',
    },
    sender_missing: {
        meaning: 'The client was created without a wallet or sender, so that it can only read.',
        remedy: 'Pass wallet or sender to createCocoon, or use getXTxParams and send through TON Connect.',
    },
    network_mismatch: {
        meaning: 'The Registry belongs to another network than the one that was asked for.',
        remedy: 'Check the endpoint and the registry address.',
    },
    network_paused: {
        meaning: 'The guardian has paused the network for new registrations and jobs.',
        remedy: 'Try again when the pause is over.',
    },
    sdk_outdated: {
        meaning: 'The network runs contracts that this version of the SDK does not have.',
        remedy: 'Update cocoon-sdk; do not send messages with this version.',
    },
    terms_mismatch: {
        meaning: 'The terms that an endpoint gave do not have the hash that the Registry names.',
        remedy: 'Try again; if it persists, use another endpoint.',
    },
    deployment_mismatch: {
        meaning: 'What is on chain, or what would be deployed, is not what the configuration expects.',
        remedy: 'Compare the values in the details with the configuration; nothing was sent.',
    },
    node_not_found: {
        meaning: 'There is no such node on this network.',
        remedy: 'Check the index or address; nodeCount of getNetwork says how many there are.',
    },
    job_not_found: {
        meaning: 'There is no open job at this address: it was never posted, or is over and destroyed.',
        remedy: 'Check the address and network. A finished job is destroyed once its openBefore has passed.',
    },
    job_state: {
        meaning: 'The job is in a state in which this cannot be done.',
        remedy: 'Read the job (getJob) and act on its present state.',
    },
    job_ended: {
        meaning: 'The job ended without a result: refunded, expired or destroyed.',
        remedy: 'The escrow went back to the client. Post again, with a higher price or longer windows if it was not claimed.',
    },
    job_secret_missing: {
        meaning: 'The job store has no secrets for this job: it was posted elsewhere or the store was lost.',
        remedy: 'Use the JobStore with which the job was posted. Without it the key can be neither disclosed nor the result read.',
    },
    job_message_not_found: {
        meaning: 'The message was not found in the history of the job.',
        remedy: 'Use an archival endpoint; check that the job got so far.',
    },
    ...DISPUTE_ERRORS,
    ...INFERENCE_ERRORS,
    ...SESSION_ERRORS,
} as const satisfies Record<string, ErrorEntry>;

/** A stable error code. */
export type ErrorCode = keyof typeof ERROR_CATALOGUE;
