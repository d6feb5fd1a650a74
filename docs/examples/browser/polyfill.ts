// @ton/core expects Node's Buffer as a global. Import this file before everything else.
import { Buffer } from 'buffer/';

Object.assign(globalThis, { Buffer });
