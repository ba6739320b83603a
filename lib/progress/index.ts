/**
 * Progress on stderr: a bar with a line an epoch on a terminal, lines alone where stderr is a file or a pipe, and
 * messages instead of either when this process is a trial of an experiment.
 */
import { barProgress } from './bar.js';
import { lineProgress } from './lines.js';
import { messageProgress } from './messages.js';
import type { Progress } from './told.js';

export { descriptionLines } from './data_lines.js';
export { epochLine } from './lines.js';
export { isShare, type Measured, measuredAs, measuresOf, shortValue, wordsOf } from './measures.js';
export { showTrial, type TrialProgress } from './messages.js';
export type { EpochProgress, Progress, RunSize, StepProgress } from './told.js';
export { type Verbose, verboseProgress } from './verbose.js';

/** The progress that fits where this process runs. */
export function openProgress(): Progress {
  if (process.connected) return messageProgress();
  return process.stderr.isTTY ? barProgress(process.stderr) : lineProgress(process.stderr);
}
