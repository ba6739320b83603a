/**
 * The trials of an experiment, in the order they are run. Modes take turns (deterministic, atomic, deterministic,
 * atomic, ...) so that a machine that grows warm or busy slows both alike and step times stay comparable.
 */
import type { Mode } from '../runtime/index.js';
import { flipText, type TrainOptions } from '../training/index.js';
import type { Definition } from './definition.js';

/** One training of an experiment: the `run`-th (from 1) of its mode. */
export interface Trial {
  mode: Mode;
  run: number;
  /** Folder name inside the experiment's folder. */
  folder: string;
}

/** All trials of a definition, modes taking turns. */
export function trialsOf(definition: Definition): Trial[] {
  return Array.from({ length: definition.runs }, (_, index) => index + 1).flatMap((run) =>
    definition.modes.map((mode) => ({ mode, run, folder: `${mode}-${String(run).padStart(2, '0')}` })),
  );
}

/**
 * What the trainer is asked to do in the `run`-th trial of a mode that keeps its files in `out`. Atomic kernels and
 * seeded arrival belong to the atomic trials, each of which has the next seed.
 */
export function trainOptionsOf(definition: Definition, mode: Mode, out?: string, run = 1): TrainOptions {
  const { modes, runs, atomic, arrivalSeed, ...settings } = definition;
  const folder = out === undefined ? {} : { out };
  if (mode === 'deterministic') return { ...settings, mode, ...folder };
  const arrival = arrivalSeed === undefined ? {} : { arrivalSeed: arrivalSeed + run - 1 };
  const only = atomic === undefined ? { mode } : { mode: 'deterministic' as const, atomic };
  return { ...settings, ...only, ...arrival, ...folder };
}

const flags: [keyof TrainOptions, string][] = [
  ['model', '--model'],
  ['data', '--data'],
  ['validation', '--validation'],
  ['samples', '--samples'],
  ['imageSize', '--image-size'],
  ['epochs', '--epochs'],
  ['batchSize', '--batch-size'],
  ['seed', '--seed'],
  ['device', '--device'],
  ['isa', '--isa'],
  ['mode', '--mode'],
  ['atomic', '--atomic'],
  ['arrivalSeed', '--arrival-seed'],
  ['flip', '--flip'],
  ['threads', '--threads'],
  ['damaged', '--damaged'],
  ['out', '--out'],
  ['resume', '--resume'],
  ['checkpoints', '--checkpoints'],
  ['sign', '--sign'],
  ['trace', '--trace'],
  ['traceValues', '--trace-values'],
];

/** Command-line arguments that ask for these options: `--model keras_convnet --data synthetic ...`. */
export function argumentsOf(options: Partial<TrainOptions>): string[] {
  const textOf = (key: keyof TrainOptions) => (key === 'flip' ? flipText(options.flip!) : String(options[key]));
  return flags.flatMap(([key, flag]) => (options[key] === undefined ? [] : [flag, textOf(key)]));
}
