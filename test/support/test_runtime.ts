// The runtimes of tests: whatever memory they hand out, fresh, used before or scratch, is full of NaNs, so that what a kernel
// reads before it is written, or does not write, shows; and small results are stored past the caches as large ones are.

import type { NativeConditions } from '../../lib/addon/index.js';
import { Runtime, type RuntimeOptions } from '../../lib/index.js';

export const conditions: NativeConditions = { poisoned: true, pastCache: 2048 };

/** As createRuntime, under the conditions of tests. */
export const testRuntime = (options: RuntimeOptions = {}): Runtime => new Runtime(options, conditions);
