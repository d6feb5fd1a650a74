/** What an application meets when it asks for inference. The codes appear in error bodies of the OpenAI API too. */
export const INFERENCE_ERRORS = {
    missing_required_parameter: {
        meaning: 'A request to the OpenAI API lacks a parameter.',
        remedy: 'Add the parameter that `param` names.',
    },
    invalid_value: {
        meaning: 'A parameter of a request to the OpenAI API has the wrong type or is out of range.',
        remedy: 'Correct the parameter that `param` names.',
    },
    unsupported_parameter: {
        meaning:
            'A request asks for something of the OpenAI API that sessions cannot carry, as several choices or audio.',
        remedy: 'Leave the parameter out, or send one request for each choice or prompt.',
    },
    unknown_route: {
        meaning: 'The path is not one that cocoon.fetch answers.',
        remedy: 'Use chat/completions, completions, embeddings or models; files and batches need the gateway.',
    },
    model_not_found: {
        meaning: 'The catalogue has no model of this name, or no node within the policy ever served it.',
        remedy: 'Use a name that GET /v1/models lists.',
    },
    context_length_exceeded: {
        meaning: 'Prompt and answer together are longer than any node takes for this model.',
        remedy: 'Shorten the messages or lower max_completion_tokens; models() says how long the context is.',
    },
    no_node: {
        meaning:
            'No node that serves the model now is within the policy (prices, regions, stake, lists) and working.',
        remedy: 'Loosen the routing policy, or try again later; GET /v1/models shows what is served.',
    },
    nodes_busy: {
        meaning: 'All nodes that could serve the request have no free slot.',
        remedy: 'Try again after Retry-After, or let the policy take more nodes.',
    },
    nodes_failed: {
        meaning: 'Every node that was asked failed before the first token. Nothing was delivered.',
        remedy: 'Try again; the cause of the last failure is in the error chain.',
    },
    nodes_timeout: {
        meaning: 'No node delivered a first token in time.',
        remedy: 'Try again, or raise firstTokenTimeoutMs where prompts are long.',
    },
    answer_interrupted: {
        meaning: 'The node failed, lied or was lost after it had delivered a part of the answer.',
        remedy: 'Ask again. What was delivered is paid for as far as its receipts say (details.price).',
    },
    cost_limit: {
        meaning: 'The answer could cost more than maxCost allows.',
        remedy: 'Lower max_completion_tokens, shorten the prompt, or raise the limit.',
    },
    vault_empty: {
        meaning: 'The vault holds too little for the request, and the limits allow no further deposit.',
        remedy: 'Top the vault up, or raise maxDeposit or maxPerNode.',
    },
    funding_failed: {
        meaning: 'Money for a node could not be allocated, because the chain cannot be reached or refused.',
        remedy: 'Try again; nodes with an allocation go on serving meanwhile. The cause is in the error chain.',
    },
    funding_unavailable: {
        meaning: 'There is no allocation for a node, and the client has no wallet to make one with.',
        remedy: 'Give createCocoon a wallet or sender, or a ChannelBook that has open allocations.',
    },
    nodes_unknown: {
        meaning: 'The nodes could not be read from the chain, and none are known from before.',
        remedy: 'Check the RPC endpoint; the SDK tries again by itself.',
    },
    channel_lease_lost: {
        meaning:
            'Another process took over an allocation while this one was not responding, so nothing was signed.',
        remedy: 'Nothing to do: the request is sent again on another allocation. Check for long pauses of the process.',
    },
    channel_slot_taken: {
        meaning: 'Another process used this slot of the vault first.',
        remedy: 'Nothing to do: another slot is taken.',
    },
    channel_book_corrupt: {
        meaning: 'The store of allocations holds something that is not a channel record.',
        remedy: 'Restore the store from a backup. Until then its allocations come back through settle() of an older copy only.',
    },
    inference_closed: {
        meaning: 'The inference object was closed.',
        remedy: 'Create another one with createInference.',
    },
} as const;
