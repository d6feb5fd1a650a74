import type { VerifiedModel, VerifierEngine } from 'cocoon-sdk';
import type { JurorConfig } from '../../config';
import type { ServedModel, WorkerContext } from '../../context';
import { ConfigError } from '../../errors';
import { verifierEngine } from '../../verifier';

/** A model that this worker can judge answers of. */
export interface JudgedModel {
    readonly served: ServedModel;
    readonly engine: VerifierEngine;
    /** What its manifest says of honest machines. */
    readonly model: VerifiedModel;
}

/**
 * Models that can be judged, by id in hexadecimal: those whose manifest is here, so that it is known what honest machines
 * differ by, and whose engine can score. Throws ConfigError for a name that is not served.
 */
export function judgedModels(
    { models, logger }: Pick<WorkerContext, 'models' | 'logger'>,
    config: JurorConfig,
): ReadonlyMap<string, JudgedModel> {
    const names = new Set([...models.values()].map(({ name }) => name));
    for (const name of config.models ?? []) {
        if (!names.has(name)) {
            throw new ConfigError(
                `juror.models: no model is called ${name}`,
                'list names of entries in models, or leave juror.models out',
            );
        }
    }
    const judged = new Map<string, JudgedModel>();
    for (const served of models.values()) {
        if (config.models && !config.models.includes(served.name)) continue;
        const engine = verifierEngine(served.engine);
        const { manifest } = served;
        if (engine === undefined || manifest === undefined) {
            const reason = engine ? 'its manifest is not configured' : 'its engine cannot score';
            logger.warn({ model: served.name, reason }, 'answers of this model cannot be judged');
            continue;
        }
        const { tolerance, contextLength } = manifest;
        judged.set(served.modelId, { served, engine, model: { tolerance, contextLength } });
    }
    return judged;
}
