/** Who is told of a fit beside its callbacks: progress on stderr, and TensorBoard. */
import { type Progress, type Verbose, verboseProgress } from '../progress/index.js';
import { checkTensorboard, type LiveEvents, liveEvents } from '../tensorboard/index.js';

export interface WatchOptions {
  /**
   * What is told on stderr: 0 nothing, 1 a bar and a line an epoch, 2 a line an epoch, `'auto'` a bar on a terminal and else a
   * line an epoch. Default 0.
   */
  verbose?: Verbose;
  /** Folder in which a new TensorBoard event file grows while the model learns; made if it is not there. Default none. */
  tensorboard?: string;
}

/** Who is told. */
export type Watch = Pick<Progress, 'onPhase' | 'onEpoch' | 'stop'> & Pick<LiveEvents, 'onStep'>;

/**
 * Opens what the options ask for. Throws ArgumentError, in the words of `who`, for a bad option, FileError for a folder that
 * cannot be written in.
 */
export function watchOf(who: string, { verbose = 0, tensorboard }: WatchOptions): Watch {
  checkTensorboard(who, tensorboard);
  const progress = verboseProgress(who, verbose);
  const events = tensorboard === undefined ? undefined : liveEvents(who, tensorboard);
  return {
    onPhase: (phase) => progress?.onPhase(phase),
    onStep: (step, iterations) => {
      events?.onStep(step, iterations);
      progress?.onStep(step);
    },
    onEpoch: (epoch, epochs) => {
      events?.onEpoch(epoch);
      progress?.onEpoch(epoch, epochs);
    },
    stop: () => {
      progress?.stop();
      events?.stop();
    },
  };
}
