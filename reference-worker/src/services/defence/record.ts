import type { Accusation, AccusationEnd } from '../../chain';
import type { Runtime } from '../runtime';

/** Records what the node's own account tells of accusations. Of what is known already, nothing. */
export function recordAccusation(runtime: Runtime, news: Accusation | AccusationEnd): void {
    const { journal, logger } = runtime.context;
    const { dispute } = news;
    if (news.kind === 'accused') {
        const { job } = news;
        if (!journal.disputes.insert({ dispute, role: 'accused', ...(job ? { job } : {}) })) return;
        logger.warn({ dispute, job }, 'this node is accused');
        runtime.wake();
        return;
    }
    const known = journal.disputes.get(dispute);
    if (!known || known.settled) return;
    const { slashed } = news;
    journal.transaction(() => {
        journal.disputes.settle(dispute);
        journal.counters.add('slashedNano', slashed);
    });
    logger[slashed > 0n ? 'error' : 'info'](
        { dispute, slashed: slashed.toString() },
        slashed > 0n ? 'convicted: the node was slashed' : 'an accusation came to nothing',
    );
}
