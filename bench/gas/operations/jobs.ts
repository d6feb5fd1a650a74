import type { SendMessageResult } from '@ton/sandbox';
import { deployMarketBody, jobBodies, nodeBodies } from 'cocoon-wrappers';
import { type Cost, costOf, sumOf } from '../measure';
import {
    accept,
    claim,
    disclose,
    draft,
    marketOf,
    type Posting,
    post,
    send,
    submit,
    succeed,
    WINDOW,
    type World,
    wait,
} from '../world';
import type { Operation } from './operation';

type Step = (world: World, posting: Posting) => Promise<SendMessageResult>;

const later: Step = (world, posting) => {
    wait(world, WINDOW + 1); // also beyond openBefore: the end of the job is the end of its contract
    return accept(world, posting);
};
const toDirect: Step[] = [post, claim, submit];
const toOpen: Step[] = [deployMarket, post, claim, disclose, submit];

/** Runs all steps on one job and returns what those from `measured` on cost. */
function job(direct: boolean, steps: Step[], measured = steps.length - 1): Operation['run'] {
    return async (world) => {
        const posting = draft(world, direct);
        const costs: Cost[] = [];
        for (const step of steps) costs.push(costOf(await succeed(step(world, posting))));
        return sumOf(costs.slice(measured));
    };
}

export const jobOperations: Operation[] = [
    { name: 'whole job, direct', run: job(true, [...toDirect, later], 0) },
    { name: 'whole job, open', run: job(false, [...toOpen, later], 1) },
    { name: 'deploy market', run: job(false, [deployMarket]) },
    { name: 'post job, direct', run: job(true, [post]) },
    { name: 'post job, open', run: job(false, [deployMarket, post]) },
    { name: 'announce again', run: job(false, [deployMarket, post, poke(jobBodies.announceAgain())]) },
    { name: 'claim', run: job(true, [post, claim]) },
    { name: 'disclose key', run: job(false, [deployMarket, post, claim, disclose]) },
    { name: 'submit result', run: job(true, toDirect) },
    { name: 'accept result', run: job(true, [...toDirect, accept]) },
    { name: 'finalize', run: job(true, [...toDirect, poke(jobBodies.finalize(), WINDOW + 1)]) },
    { name: 'expire, open', run: job(true, [post, poke(jobBodies.expire(), WINDOW + 1)]) },
    { name: 'expire, claimed', run: job(true, [post, claim, poke(jobBodies.expire(), WINDOW + 1)]) },
    {
        name: 'expire, no key',
        run: job(false, [deployMarket, post, claim, poke(jobBodies.expire(), WINDOW + 1)]),
    },
    { name: 'decline, opens again', run: job(false, [deployMarket, post, claim, decline]) },
    { name: 'decline, direct', run: job(true, [post, claim, decline]) },
    { name: 'cancel', run: job(true, [post, cancel]) },
    { name: 'destroy', run: job(true, [...toDirect, accept, destroy]) },
];

function deployMarket(world: World, posting: Posting): Promise<SendMessageResult> {
    const { address, init } = marketOf(world, posting);
    return send(world.client, address, deployMarketBody(), undefined, init);
}

function poke(body: ReturnType<typeof jobBodies.expire>, seconds = 0): Step {
    return (world, posting) => {
        wait(world, seconds);
        return send(world.keeper, posting.job.address, body);
    };
}

function decline({ operator, node }: World, posting: Posting): Promise<SendMessageResult> {
    const body = nodeBodies.decline({ job: posting.job.address, claim: 1 });
    return send(operator, node.address, body);
}

function cancel({ client }: World, posting: Posting): Promise<SendMessageResult> {
    return send(client, posting.job.address, jobBodies.cancel());
}

function destroy(world: World, posting: Posting): Promise<SendMessageResult> {
    wait(world, WINDOW + 1);
    return send(world.client, posting.job.address, jobBodies.destroy());
}
