import { lookup } from 'node:dns';
import { request } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { isPrivateIp } from 'cocoon-sdk';

/**
 * A fetch for URLs that strangers chose. The address is checked as the connection is made, so that a name that answers
 * differently the second time does not lead into the operator's network. No redirects, no cookies, https only.
 */
export const publicFetch: typeof fetch = (input, init) =>
    new Promise((resolve, reject) => {
        const outgoing = request(
            String(input),
            { lookup: publicLookup, agent: false, ...(init?.signal ? { signal: init.signal } : {}) },
            (incoming) => {
                const status = incoming.statusCode ?? 0;
                if (status !== 200) {
                    incoming.destroy();
                    resolve(new Response(null, { status: status >= 400 ? status : 502 }));
                    return;
                }
                resolve(new Response(Readable.toWeb(incoming) as ReadableStream<Uint8Array>, { status }));
            },
        );
        outgoing.once('error', reject);
        outgoing.end();
    });

const publicLookup: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
        if (error) return callback(error, '');
        const usable = addresses.length > 0 && !addresses.some(({ address }) => isPrivateIp(address));
        if (!usable) return callback(new Error('the host name leads to a private address'), '');
        if (options.all) return callback(null, addresses);
        callback(null, addresses[0]!.address, addresses[0]!.family);
    });
};
