import type { Channel } from '../channel/channel';
import type { Link } from '../channel/link';
import { SessionRefusedError } from '../errors';
import type { EnvelopeHeader } from '../wire/envelope';
import { encodeRequestContent } from '../wire/request-content';
import type { FrameSource } from './frame-source';
import { MAX_ATTEMPTS } from './limits';
import type { PreparedRequest } from './prepare';

/** What asking needs of the client. */
export type AskContext = {
    readonly channel: Channel;
    /** The channel's link; a new one where the node refused `replaces`. */
    link(replaces?: Link): Promise<Link>;
    /** A source that sends a sealed request. */
    source(link: Link, header: EnvelopeHeader, content: Uint8Array): FrameSource;
};

/** A request that the node accepted. */
export type Asked = {
    readonly link: Link;
    readonly sequence: bigint;
    readonly source: FrameSource;
};

/**
 * Sends a request until the node accepts it: pays what a refusal rightly asks, reads a changed key again, and takes a new
 * sequence where one was used. Throws what FrameSource.open throws, AllocationSpentError and SessionStoreError.
 */
export async function ask(context: AskContext, prepared: PreparedRequest): Promise<Asked> {
    const { ledger } = context.channel;
    let link: Link;
    try {
        link = await context.link();
    } catch (error) {
        ledger.drop(prepared.running);
        throw error;
    }
    const progress = { link, sent: false };
    try {
        return await attempts(context, prepared, progress);
    } catch (error) {
        // What was sent and not refused may have been served.
        if (progress.sent) ledger.abandon(prepared.running, progress.link.chunkTokens);
        else ledger.drop(prepared.running);
        throw error;
    }
}

async function attempts(
    context: AskContext,
    prepared: PreparedRequest,
    progress: { link: Link; sent: boolean },
): Promise<Asked> {
    const { channel } = context;
    let sequence = await channel.takeSequence();
    let demanded = 0n;
    let counter = 0;
    for (let attempt = 1; ; attempt++) {
        const { link } = progress;
        const need = channel.ledger.need(link.chunkTokens);
        const margin = channel.ledger.margin(link.chunkTokens);
        const voucher = await channel.promise(demanded > need ? demanded : need, margin);
        const { salt, json, request } = prepared;
        const { authorization } = link;
        const { prices, modelId, task } = request;
        const content = { salt, voucher, authorization, prices, modelId, task, json };
        const { vault, slot, generation } = channel.allocation;
        const header = { kind: 'request', vault, slot, generation, sequence, counter } as const;
        const source = context.source(link, header, encodeRequestContent(content));
        try {
            progress.sent = true;
            await source.open();
            channel.markDelivered(voucher.cumulative);
            return { link, sequence, source };
        } catch (error) {
            source.close();
            if (!(error instanceof SessionRefusedError)) throw error;
            progress.sent = false;
            if (attempt === MAX_ATTEMPTS) throw error;
            counter++;
            if (error.next === 'pay') {
                demanded = rightfulDemand(channel, error, voucher.cumulative, link.chunkTokens, prepared);
            } else if (error.next === 'key') progress.link = await context.link(link);
            else if (error.next === 'sequence') {
                sequence = await channel.takeSequence();
                counter = 0;
            } else throw error;
        }
    }
}

/** The cumulative that a node asks for, where it can be right. Nobody authenticates a refusal: the bound is our own. */
function rightfulDemand(
    channel: Channel,
    error: SessionRefusedError,
    offered: bigint,
    chunkTokens: number,
    { running }: PreparedRequest,
): bigint {
    const { needed } = error;
    if (
        needed === undefined ||
        needed <= offered ||
        needed > channel.ledger.bound(chunkTokens, channel.signed)
    )
        throw error;
    channel.ledger.accept(needed, chunkTokens, running);
    return needed;
}
