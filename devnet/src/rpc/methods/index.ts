import { controlMethods } from '../../control/methods';
import { accountMethods } from './accounts';
import { blockMethods } from './blocks';
import { configMethods } from './config';
import { feeMethods } from './fees';
import { getMethodMethods } from './get-method';
import { sendMethods } from './send';
import { transactionMethods } from './transactions';
import type { Methods } from './types';

/** Everything that can be called over HTTP. */
export const methods: Methods = {
    ...blockMethods,
    ...accountMethods,
    ...transactionMethods,
    ...getMethodMethods,
    ...sendMethods,
    ...feeMethods,
    ...configMethods,
    ...controlMethods,
};
