/** A training told to TensorBoard while it runs. */
import { ArgumentError, show } from '../errors/index.js';
import { expectExtra } from '../lazy/index.js';
import { type EpochProgress, type Measured, measuresOf, type StepProgress } from '../progress/index.js';
import { EventFile } from './event_file.js';

/** Steps between two writes inside an epoch. */
const stepsAtOnce = 20;

/** The tag of a mean of an epoch: `loss`, `validation/loss`. */
export const tagOf = ({ of, validation }: Measured): string => (validation ? `validation/${of}` : of);

/**
 * Throws ArgumentError, in the words of `who`, for a value of the option `tensorboard` that names no folder, and PackageError
 * where one is named and the package that writes events is not installed.
 */
export function checkTensorboard(who: string, folder: unknown): void {
  if (folder === undefined) return;
  if (typeof folder !== 'string' || folder === '') {
    throw new ArgumentError({ who, expected: 'tensorboard to be a folder', got: show(folder) });
  }
  expectExtra('tensorboard');
}

/** Who is told of steps and epochs. */
export interface LiveEvents {
  /** `iterations` are the steps over all epochs with this one; not given, every epoch has as many. */
  onStep: (step: StepProgress, iterations?: number) => void;
  onEpoch: (epoch: EpochProgress) => void;
  /** Writes what waits and ends the file. */
  stop: () => void;
}

/**
 * Opens a new event file in `folder`: the loss of each step as `batch/loss` by the number of the step over all epochs, the
 * means of each epoch under their names by its number, validation below `validation/`. A training that goes on takes up its
 * numbers, and readers drop what an earlier file holds from there on. Throws FileError, in the words of `who`.
 */
export function liveEvents(who: string, folder: string): LiveEvents {
  const file = new EventFile(who, folder);
  let told = 0;
  return {
    onStep: ({ epoch, steps, step, loss }, iterations = (epoch - 1) * steps + step) => {
      if (told === 0 && iterations > 1) file.startAt(iterations);
      told += 1;
      file.add({ tag: 'batch/loss', step: iterations, value: loss });
      if (told % stepsAtOnce === 0) file.flush();
    },
    onEpoch: (epoch) => {
      for (const one of measuresOf(epoch)) {
        if (one.value !== null) file.add({ tag: tagOf(one), step: epoch.epoch, value: one.value });
      }
      file.flush();
    },
    stop: () => file.close(),
  };
}
