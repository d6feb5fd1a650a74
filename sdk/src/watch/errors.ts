import { CocoonError, type CocoonErrorOptions } from '../errors';

/** Transactions between the cursor and the present cannot be read any more. */
export class WatchGapError extends CocoonError {
    constructor(address: string, cursorLt: bigint, reachedLt: bigint, options?: CocoonErrorOptions) {
        super(
            'watch_gap',
            `The history of ${address} between lt ${cursorLt} and ${reachedLt} cannot be read.`,
            {
                ...options,
                details: { address, cursorLt, reachedLt },
            },
        );
        this.name = 'WatchGapError';
    }
}
