import type { Devnet } from '../../devnet';
import type { Params } from '../params';

/** One API method: parameters in, the `result` field out. */
export type Method = (params: Params, devnet: Devnet) => unknown;
export type Methods = Readonly<Record<string, Method>>;
