import type { z } from 'zod';
import type { SettledErrorClass } from '../errors';

/** A daemon's settings: what they are, what they are called, and what is thrown when they are wrong. */
export interface SettingsProfile<Schema extends z.ZodType = z.ZodType> {
    schema: Schema;
    /** What messages call settings that came from no file, e.g. `worker config`. */
    source: string;
    /** File name, e.g. `worker.yaml`. */
    file: string;
    /** The file that documents every setting, e.g. `worker.example.yaml`. */
    example: string;
    /** What the names of environment variables begin with, e.g. `COCOON_WORKER_`. */
    prefix: string;
    /** Names after the prefix that are read elsewhere: the path of the file, the secrets. */
    reserved: RegExp;
    /** A path of settings that shows how variables are spelt, e.g. `limits.bodyBytes`. */
    sample: string;
    ConfigError: SettledErrorClass;
}
