/** How much `fit` tells, by Keras's numbers. */
import { ArgumentError, show } from '../errors/index.js';
import { barProgress } from './bar.js';
import { epochProgress, lineProgress } from './lines.js';
import type { Progress, Stream } from './told.js';

/** 0 nothing, 1 a bar, 2 a line an epoch, `auto` a bar on a terminal and else a line an epoch. */
export type Verbose = 0 | 1 | 2 | 'auto';

const choices: readonly unknown[] = [0, 1, 2, 'auto'];

/**
 * Who is told, undefined where nobody is. A bar that is asked for where there is no terminal is a line now and then. Throws
 * ArgumentError for no such word.
 */
export function verboseProgress(who: string, verbose: Verbose, stream: Stream = process.stderr): Progress | undefined {
  if (!choices.includes(verbose)) {
    throw new ArgumentError({ who, expected: "verbose to be 0, 1, 2 or 'auto'", got: show(verbose) });
  }
  if (verbose === 0) return undefined;
  if (verbose === 2) return epochProgress(stream);
  if (stream.isTTY) return barProgress(stream);
  return verbose === 1 ? lineProgress(stream) : epochProgress(stream);
}
