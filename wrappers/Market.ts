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
import { loadAnnounceJob, storeDeployMarket } from '../build/Market/Market_Market';
import { decodeJobSpec, type JobSpec } from './job-spec';
import { basechainAddress, cellOf, lazyCode, type QueryOptions } from './lib';

/** What a Market's address is made of. */
export interface MarketIdentity {
    registry: Address;
    termsHash: bigint;
    modelId: bigint;
    shard: number;
}

/** A job as it announces itself to its Market, or to the one node it is for. */
export interface JobAnnouncement {
    client: Address;
    nonce: bigint;
    openBefore: number;
    /** Claims so far; above 0 when the job opened again. */
    claims: number;
    terms: Cell;
    specHash: bigint;
    spec: JobSpec;
}

const code = lazyCode(codes.Market);

export class Market implements Contract {
    static readonly code = code;

    constructor(
        readonly address: Address,
        readonly init?: StateInit,
    ) {}

    static fromIdentity(identity: MarketIdentity): Market {
        const data = beginCell()
            .storeAddress(identity.registry)
            .storeUint(identity.termsHash, 256)
            .storeUint(identity.modelId, 256)
            .storeUint(identity.shard, 16)
            .endCell();
        const init = { code: code(), data };
        return new Market(basechainAddress(init), init);
    }

    /** The shard in which a job announces itself: its account id modulo the number of shards in its terms. */
    static shardOf(job: Address, marketShards: number): number {
        return Number(BigInt(`0x${job.hash.toString('hex')}`) % BigInt(marketShards));
    }

    async sendDeploy(provider: ContractProvider, via: Sender, value: bigint): Promise<void> {
        await provider.internal(via, {
            value,
            body: deployMarketBody(),
            sendMode: SendMode.PAY_GAS_SEPARATELY,
        });
    }
}

export function deployMarketBody({ queryId = 0n }: QueryOptions = {}): Cell {
    return cellOf(storeDeployMarket({ $$type: 'DeployMarket', queryId }));
}

/** Reads an AnnounceJob body; throws when it is none. */
export function decodeAnnouncement(body: Cell): JobAnnouncement {
    const message = loadAnnounceJob(body.beginParse());
    return {
        client: message.client,
        nonce: message.nonce,
        openBefore: Number(message.openBefore),
        claims: Number(message.claims),
        terms: message.terms,
        specHash: BigInt(`0x${message.spec.hash().toString('hex')}`),
        spec: decodeJobSpec(message.spec),
    };
}
