/** The means of an epoch by name: loss and metrics, as they are measured, kept and compared. */
import { type Logs, validationLogs } from '../models/index.js';
import type { EpochResult } from './result.js';

/** Means by name; those of validation are null when there is nothing to validate on. */
export type Means = Readonly<Record<string, number | null>>;

/** What was measured in an epoch, of training and of validation in turn. */
export function meansFrom(training: Logs, validation: Logs | undefined): Means & Pick<EpochResult, 'loss' | 'valLoss'> {
  const none = Object.keys(validationLogs(training)).map((name) => [name, null] as const);
  const judged = validation === undefined ? Object.fromEntries(none) : validationLogs(validation);
  return { ...training, ...judged } as Means & Pick<EpochResult, 'loss' | 'valLoss'>;
}

/** What is known after an epoch beside its means. */
export function meansOf({ epoch: _, seconds: __, weightsHash: ___, ...means }: EpochResult): Means {
  return means as Means;
}

/** Means as text that reads back the same: one may be NaN or infinite, which JSON cannot say. */
export const meansText = (means: Means): Record<string, string | null> =>
  Object.fromEntries(Object.entries(means).map(([name, mean]) => [name, mean === null ? null : String(mean)]));

/** The means that `meansText` wrote. */
export const meansRead = (text: Readonly<Record<string, string | null>>): Means =>
  Object.fromEntries(Object.entries(text).map(([name, mean]) => [name, mean === null ? null : Number(mean)]));
