/** Where a training reports to while it runs, and how it is asked to stop. */
import type { DataForm, DatasetDescription, PicturesProgress } from '../data/index.js';
import type { RunSize, StepProgress } from '../progress/index.js';
import type { CompiledFacts, EpochResult } from '../runs/index.js';
import type { StoredTensor, Tree } from '../trace/index.js';

/** The state of a training before its first step (epoch 0) or after an epoch. */
export interface ReachedState {
  epoch: number;
  dataHash: string;
  classNames: readonly string[];
  compile: CompiledFacts;
  form: DataForm;
  /** Over weights, then what the optimizer remembers. */
  tree: Tree;
  /** These tensors, copied out. */
  tensors: () => StoredTensor[];
}

/** Where a training reports to while it runs, and how it is asked to stop. */
export interface TrainHooks {
  onStep?: (progress: StepProgress) => void;
  onEpoch?: (epoch: EpochResult, epochs: number) => void;
  /** At the beginning and after each epoch, before `onEpoch`; a training that goes on begins with where it stopped. */
  onState?: (state: ReachedState) => void;
  /** A phase that is not a step, in a few words: `reading pictures`, `validating`. */
  onPhase?: (phase: string) => void;
  /** Something worth a line of its own: what a training goes on with, that it is finished already, that no cache can be used. */
  onNote?: (note: string) => void;
  /** How far the pictures are while they are being read. */
  onPictures?: (progress: PicturesProgress) => void;
  /** Splits, classes, counts and what was left out, once the pictures are read and before any step. */
  onData?: (data: DatasetDescription) => void;
  /** How many bytes the run folder will take, by what lies in it, before the first of them is written; what it throws ends the training. */
  onSize?: (size: RunSize) => void;
  signal?: AbortSignal;
}

/** The hooks of a training, by name. */
export const trainHookNames = [
  ...(['onStep', 'onEpoch', 'onState', 'onPhase', 'onNote', 'onPictures', 'onData', 'onSize', 'signal'] as const),
] satisfies (keyof TrainHooks)[];
