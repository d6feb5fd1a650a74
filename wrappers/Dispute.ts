import {
    type Address,
    beginCell,
    type Cell,
    type Contract,
    type ContractProvider,
    type Sender,
    SendMode,
    type StateInit,
} from '@ton/core';
import { codes } from '../build/artifacts';
import * as binding from '../build/Dispute/Dispute_Dispute';
import { type DisputeData, decodeDispute } from './dispute-data';
import { basechainAddress, lazyCode } from './lib';
import { accountOf } from './vault-allocations';

/** What a Dispute's address is made of. */
export interface DisputeIdentity {
    registry: Address;
    termsHash: bigint;
    /** Hash of its subject. */
    subject: bigint;
    /** Unix time: of the receipt, or of the submission, and the evidence window later. */
    openBefore: number;
}

export class Dispute implements Contract {
    static readonly code = lazyCode(codes.Dispute);

    constructor(
        readonly address: Address,
        readonly init?: StateInit,
    ) {}

    static fromIdentity(identity: DisputeIdentity): Dispute {
        const data = beginCell()
            .storeBuffer(accountOf(identity.registry), 32)
            .storeUint(identity.termsHash, 256)
            .storeUint(identity.subject, 256)
            .storeUint(identity.openBefore, 32)
            .storeBit(false)
            .endCell();
        const init = { code: Dispute.code(), data };
        return new Dispute(basechainAddress(init), init);
    }

    static fromAddress(address: Address): Dispute {
        return new Dispute(address);
    }

    async sendMessage(provider: ContractProvider, via: Sender, value: bigint, body: Cell): Promise<void> {
        await provider.internal(via, { value, body, sendMode: SendMode.PAY_GAS_SEPARATELY });
    }

    /** Null for a dispute that was deployed and not opened. */
    async getDispute(provider: ContractProvider): Promise<DisputeData | null> {
        const { stack } = await provider.get('dispute', []);
        return decodeDispute(binding.loadGetterTupleDisputeView(stack));
    }
}
