import { loadConfigDictionary } from '../../config/network-config';
import { nodeError } from '../errors';
import { toBase64 } from '../json/cells';
import type { Methods } from './types';

export const configMethods: Methods = {
    getConfigParam: (params, { chain }) => {
        const id = params.integer(params.has('config_id') ? 'config_id' : 'param', undefined, -(2 ** 31));
        const cell = loadConfigDictionary(chain.emulator.config).get(id);
        if (!cell) throw nodeError(`LITE_SERVER_UNKNOWN: there is no configuration parameter ${id}`);
        return { '@type': 'configInfo', config: { '@type': 'tvm.cell', bytes: toBase64(cell) } };
    },

    getConfigAll: (_params, { chain }) => ({
        '@type': 'configInfo',
        config: { '@type': 'tvm.cell', bytes: toBase64(chain.emulator.config) },
    }),
};
