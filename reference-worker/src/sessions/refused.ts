import type { Refusal, RefusalCode } from 'cocoon-sdk';

/** A call that is answered with a refusal instead of work. Its message goes to the client and holds nothing of the request. */
export class Refused extends Error {
    readonly refusal: Refusal;

    constructor(
        code: RefusalCode,
        message: string,
        more: Pick<Refusal, 'needed' | 'retryAfterSeconds'> = {},
    ) {
        super(message);
        this.name = 'Refused';
        this.refusal = { code, message, ...more };
    }
}
