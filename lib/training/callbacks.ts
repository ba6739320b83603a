/** What callbacks are told of an epoch that is kept. */
import type { EpochLogs } from '../models/index.js';
import { measuresOf } from '../progress/index.js';
import type { EpochResult } from '../runs/index.js';

/** The means of an epoch that is kept, as fit tells them: counted from 0, and NaN where JSON had null. */
export function logsOfEpoch(result: EpochResult): EpochLogs {
  const named = measuresOf(result).map(({ name, value }) => [name, value ?? Number.NaN] as const);
  return { epoch: result.epoch - 1, logs: Object.fromEntries(named) };
}
