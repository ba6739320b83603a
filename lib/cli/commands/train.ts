/** `samebits train`: one training, its progress on stderr and its result on stdout. */
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { ArgumentError, givenOptions } from '../../errors/index.js';
import { openProgress } from '../../progress/index.js';
import type { TrainResult } from '../../runs/index.js';
import type { Checkpoints, TrainOptions, TrainRequest } from '../../settings/index.js';
import type { TraceLevel } from '../../trace/index.js';
import { Stopped } from '../failure.js';
import {
  addSharedOptions,
  checkArrival,
  checkGiven,
  checkTarget,
  type Mode,
  modes,
  type SharedOptions,
  settingsOf,
} from '../options.js';
import { interruptSignal } from '../stop.js';
import { checkFolder, folderOption, integerOption, wordOption } from '../values.js';

interface Options extends SharedOptions {
  mode: Mode;
  resume?: string;
  checkpoints: Checkpoints;
  sign?: string;
  trace?: TraceLevel;
  traceValues?: number;
  keepSteps?: number;
  flip?: string;
  tensorboard?: string;
}

function summary(result: TrainResult): string {
  const last = result.epochs.at(-1)!;
  const percent = (share: number | null) => (share === null ? 'none' : `${(share * 100).toFixed(1)} %`);
  const lines: [string, string][] = [
    ['target', `${result.target}, ${result.threads} threads, contract ${result.contract}`],
    ['model', `${result.model}, ${result.parameters} trainable parameters, seed ${result.seed}`],
    ['accuracy', `${percent(last.accuracy)}, validation ${percent(last.valAccuracy)}`],
    [
      'step',
      `${(result.stepSecondsMedian * 1000).toFixed(1)} ms (median), peak memory ${Math.round(result.peakMemoryMiB)} MiB`,
    ],
    ['data', result.dataHash],
    ['weights', result.weightsHash],
    ...(result.predictionsHash === null ? [] : [['predictions', result.predictionsHash] as [string, string]]),
  ];
  return lines.map(([name, value]) => `${name.padEnd(13)}${value}`).join('\n');
}

/** The settings that are asked for, in the library's words. */
async function settingsFor(options: Options): Promise<TrainOptions> {
  const { parseFlip } = await import('../../settings/index.js');
  const { mode, checkpoints, flip } = options;
  return {
    ...settingsOf(options),
    mode,
    ...givenOptions(options, ['out', 'resume', 'sign', 'trace', 'traceValues', 'keepSteps', 'tensorboard']),
    ...(checkpoints !== 'last' && { checkpoints }),
    ...(flip !== undefined && { flip: parseFlip(flip, '--flip') }),
  };
}

/** A training to begin: every setting counts, given or not. */
async function beginning(options: Options): Promise<TrainRequest> {
  checkGiven(options);
  checkTarget(options);
  checkArrival(options, options.mode === 'atomic' || options.atomic !== undefined, '--mode atomic or --atomic');
  const settings = await settingsFor(options);
  const { out, trace, traceValues, keepSteps, sign, checkpoints } = settings;
  checkFolder({ checkpoints, sign, trace, 'keep-steps': keepSteps }, out);
  if (traceValues !== undefined && trace === undefined) {
    throw new ArgumentError({ who: '--trace-values', expected: '--trace beside it', got: 'none' });
  }
  return settings;
}

/** A training to go on with: its folder knows all settings, so only those count that were given. */
async function goingOn(options: Options, resume: string, command: Command): Promise<TrainRequest> {
  const settings = { ...(await settingsFor(options)), checkpoints: options.checkpoints };
  const names = (Object.keys(settings) as (keyof TrainOptions)[]).filter(
    (name) => command.getOptionValueSource(name) !== 'default',
  );
  return { ...givenOptions(settings, names), resume };
}

async function train(options: Options, command: Command): Promise<void> {
  const { out, resume, json } = options;
  const request = resume === undefined ? await beginning(options) : await goingOn(options, resume, command);
  const { checkpointPath } = await import('../../runs/index.js');
  const { train } = await import('../../training/index.js');
  const progress = openProgress();
  const where = out ?? resume;
  const told = () =>
    where !== undefined && existsSync(checkpointPath(where))
      ? `stopped by hand; go on with --resume ${where}`
      : 'stopped by hand';
  const { signal, release } = interruptSignal(() => new Stopped(told()));
  try {
    const { onPhase, onPictures, onNote, onData, onStep, onEpoch } = progress;
    const result = await train(request, { onPhase, onPictures, onNote, onData, onStep, onEpoch, signal });
    progress.stop();
    process.stdout.write(`${json ? JSON.stringify(result) : summary(result)}\n`);
  } finally {
    progress.stop();
    release();
  }
}

/** The command `train`. */
export function trainCommand(): Command {
  return addSharedOptions(new Command('train').description('train a network once'))
    .option('--mode <name>', modes.join(' or '), wordOption('--mode', modes), 'deterministic')
    .option(
      '--resume <dir>',
      'go on with the training in this folder, with the settings it began with',
      folderOption('--resume'),
    )
    .option(
      '--checkpoints <which>',
      'checkpoints to keep: last, or all, so that any epoch can be verified alone',
      wordOption('--checkpoints', ['last', 'all'] as const),
      'last',
    )
    .option(
      '--trace <level>',
      'record hashes of the state after each epoch (weights), of each step too (steps), of each operation too (ops)',
      wordOption('--trace', ['weights', 'steps', 'ops'] as const),
    )
    .option(
      '--trace-values <n>',
      'keep the values in the trace of this many steps from the first',
      integerOption('--trace-values', 0),
    )
    .option(
      '--keep-steps <n>',
      'keep the weights after so many steps, close together at the beginning of the training',
      integerOption('--keep-steps', 1, 999),
    )
    .option(
      '--flip <where>',
      'flip one bit, in a weight (step=5,tensor=conv2d/kernel,index=3,bit=0) or in what an operation wrote (step=5,operation=17,index=3,bit=0)',
    )
    .option('--tensorboard <dir>', 'folder in which a TensorBoard event file grows while the training runs')
    .option('--sign <file>', 'sign the receipt with the Ed25519 private key in this PEM file')
    .action(train);
}
