import type { SignedVoucher } from 'cocoon-wrappers';
import { constant } from '../../gas/measured';
import { Violation } from '../../invariants/violation';
import type { Action } from './actions';
import { deliver } from './judge';
import { VaultModel } from './model';
import type { VaultNetwork } from './network';
import { perform } from './perform';

const MESSAGE_PRICE = 400_000n;
const AMPLE = {
    value: 2_000_000_000n,
    stranger: false,
    percent: 0,
    generation: 0,
    forged: false,
    replay: -1,
};

/** A vault that is sent one message after the other, and the model that says what must come of it. */
export class VaultWorld {
    readonly model: VaultModel;
    /** Vouchers that were redeemed, in their order. */
    readonly redeemed: SignedVoucher[] = [];

    /** @param accepted counts the messages that passed, by kind */
    constructor(
        readonly network: VaultNetwork,
        private readonly accepted: Map<string, number>,
    ) {
        const { jobParams, kinds } = network.terms;
        this.model = new VaultModel(
            BigInt(jobParams.feeBps),
            kinds.releaseDelay,
            network.openBefore,
            BigInt(constant('FEES_WORTH_SENDING')),
            MESSAGE_PRICE,
        );
    }

    async perform(action: Action): Promise<void> {
        this.network.chain.now += action.wait;
        if (this.model.gone) return;
        const sending = perform(this, action);
        if (!(await deliver(this.network, this.model, sending))) return;
        this.accepted.set(action.kind, (this.accepted.get(action.kind) ?? 0) + 1);
    }

    /** With the node silent for ever, the client gets all that was not redeemed. */
    async expectEverythingEnds(): Promise<void> {
        if (this.model.gone) return;
        for (const [slot, { releaseAt }] of [...this.model.slots]) {
            if (releaseAt === 0) await this.perform({ ...AMPLE, kind: 'requestRelease', wait: 0, slot });
            await this.perform({ ...AMPLE, kind: 'finishRelease', wait: 21_600, slot });
        }
        await this.perform({ ...AMPLE, kind: 'destroy', wait: 30 * 86_400, slot: 0 });
        if (!this.model.gone) throw new Violation('the money does not return to the client');
    }
}
