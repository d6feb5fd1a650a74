import { integerToHash } from '../../utils';
import type { CostEstimate } from '../cost';
import { isAffordable } from '../cost';
import type { DirectoryState, ModelEntry, NodeEntry } from '../nodes/entry';
import { type Offered, offersOf, servedModel } from '../nodes/offers';
import type { RoutingPolicy } from '../options';
import type { ServedModelInfo } from '../types';
import { type Candidate, chooseNode } from './choose';
import { NodeStats } from './node-stats';
import { StickyNodes } from './sticky';

/** A node that offers the model, with what is known of it. */
export type Route = Candidate & { readonly entry: NodeEntry; readonly contextLength: number };

/** A model, with the nodes that offer it. */
export type Offering = {
    readonly model: ModelEntry;
    /** 32 bytes. */
    readonly id: Uint8Array;
    readonly routes: readonly Route[];
    /** Undefined where nobody offers it within the policy. */
    readonly served: ServedModelInfo | undefined;
};

export type RouterParts = {
    readonly policy: RoutingPolicy;
    readonly now: () => number;
    readonly random: () => number;
};

/** Knows how nodes behave, and chooses among them. */
export class Router {
    private readonly stats = new Map<string, NodeStats>();
    private readonly sticky = new StickyNodes();
    /** Of one state of the directory, by model. */
    private offerings = new Map<bigint, Offering>();
    private offeringsOf: DirectoryState | undefined;

    constructor(private readonly parts: RouterParts) {}

    /** Who offers a model within the policy. */
    offering(state: DirectoryState, model: ModelEntry): Offering {
        if (this.offeringsOf !== state) {
            this.offeringsOf = state;
            this.offerings = new Map();
        }
        let offering = this.offerings.get(model.modelId);
        if (offering === undefined) {
            const routes = offersOf(state, model.modelId, this.parts.policy).map((offered) =>
                this.route(offered),
            );
            offering = {
                model,
                id: integerToHash(model.modelId),
                routes,
                served: servedModel(model, routes),
            };
            this.offerings.set(model.modelId, offering);
        }
        return offering;
    }

    /** Those that work, can be afforded, take the length and have not been tried. */
    usable(
        routes: readonly Route[],
        estimate: CostEstimate,
        excluded: ReadonlySet<string>,
        minContext: number,
    ): Route[] {
        const now = this.parts.now();
        return routes.filter(
            (route) =>
                !excluded.has(route.node) &&
                route.stats.usable(now) &&
                route.stats.freeAt() <= now &&
                route.contextLength >= Math.max(minContext, estimate.limit ?? 0) &&
                isAffordable(estimate, route.prices),
        );
    }

    choose(routes: readonly Route[], conversation: number | undefined): Route | undefined {
        const { policy, now, random } = this.parts;
        return chooseNode(routes, {
            now: now(),
            random,
            priceWeight: policy.priceWeight ?? 1,
            explorationShare: policy.explorationShare ?? 0.05,
            conversation,
            sticky: conversation === undefined ? undefined : this.sticky.get(conversation),
        });
    }

    /** Up to `count` different ones, the preferred first. */
    chooseSome(routes: readonly Route[], count: number, conversation: number | undefined): Route[] {
        const chosen: Route[] = [];
        while (chosen.length < count) {
            const next = this.choose(
                routes.filter((route) => !chosen.includes(route)),
                conversation,
            );
            if (next === undefined) break;
            chosen.push(next);
        }
        return chosen;
    }

    /** Now and then one of those that have not proved themselves. */
    exploration(routes: readonly Route[]): Route | undefined {
        const { random, policy } = this.parts;
        const unproved = routes.filter(({ stats }) => !stats.proved());
        if (unproved.length === 0 || random() >= (policy.explorationShare ?? 0.05)) return undefined;
        return unproved[Math.floor(random() * unproved.length)];
    }

    stick(conversation: number | undefined, node: string): void {
        if (conversation !== undefined) this.sticky.set(conversation, node);
    }

    private route({ entry, offer, prices }: Offered): Route {
        const node = entry.account;
        const stats = this.stats.get(node) ?? new NodeStats();
        this.stats.set(node, stats);
        return { node, prices, slots: offer.slots, contextLength: offer.contextLength, stats, entry };
    }
}
