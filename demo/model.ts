import { modelIdOf, readManifest } from 'cocoon-worker';
import { paths } from './paths';

/** The model that the worker ships, as the catalogue lists it. */
export const MODEL = { name: 'tiny-demo', manifestUri: 'embedded:tiny-demo' };

/** SHA-256 of the model's manifest. */
export function currentModelId(): bigint {
    return BigInt(`0x${modelIdOf(readManifest(paths.manifest))}`);
}
