const followers = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `act` when `signal` fires, at once when it has. Returns what ends that. However many follow a signal, it has one
 * listener: a worker's calls follow one signal all at the same time.
 */
export function follow(signal: AbortSignal, act: () => void): () => void {
    if (signal.aborted) {
        act();
        return () => {};
    }
    const group = followers.get(signal) ?? begin(signal);
    // Of its own, so that one who follows twice is called twice.
    const call = () => act();
    group.add(call);
    return () => {
        group.delete(call);
    };
}

function begin(signal: AbortSignal): Set<() => void> {
    const group = new Set<() => void>();
    followers.set(signal, group);
    signal.addEventListener(
        'abort',
        () => {
            followers.delete(signal);
            for (const call of [...group]) call();
        },
        { once: true },
    );
    return group;
}
