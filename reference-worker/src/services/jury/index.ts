import type { JurorConfig } from '../../config';
import type { Service } from '../../context';
import type { Runtime } from '../runtime';
import { Juror } from './juror';
import { judgedModels } from './models';
import { createStandingCheck } from './standing';
import { createAccusationWatcher } from './watcher';

/**
 * Duty as a juror. Disputes are found on the accounts of the nodes, and looked at as long as anything may be due in them.
 * Throws ConfigError where a configured model is not served.
 */
export function createJuryServices(runtime: Runtime, config: JurorConfig): Service[] {
    const models = judgedModels(runtime.context, config);
    return [
        createStandingCheck(runtime, config),
        new Juror(runtime, config, models).service(),
        createAccusationWatcher(runtime, config),
    ];
}
