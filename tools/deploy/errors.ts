import { inspect } from 'node:util';

/** A deployment step that cannot go on: what happened and what to do about it. Never holds secrets. */
export class DeployError extends Error {
    override readonly name = 'DeployError';

    constructor(
        readonly problem: string,
        readonly remedy: string,
        options?: ErrorOptions,
    ) {
        super(`${problem}\n${remedy}`, options);
    }

    /** Blueprint prints errors with `console.error`: the deployer needs the message, not the stack. */
    [inspect.custom](): string {
        return `\n✗ ${this.problem}\n  ${this.remedy}\n`;
    }
}
