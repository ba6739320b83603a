/** `samebits train`: one training, its progress on stderr and its result on stdout. */
import { Command } from 'commander';
import { ArgumentError } from '../../errors/index.js';
import type { TraceLevel } from '../../trace/index.js';
import type { Checkpoints, TrainOptions, TrainResult } from '../../training/index.js';
import { Stopped } from '../failure.js';
import {
  addSharedOptions,
  checkArrival,
  checkGiven,
  checkModel,
  checkTarget,
  type Mode,
  modes,
  type SharedOptions,
  settingsOf,
} from '../options.js';
import { openProgress } from '../progress.js';
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

async function train(options: Options): Promise<void> {
  checkGiven(options);
  const { models } = await import('../../models/index.js');
  const { parseFlip, trainTrial } = await import('../../training/index.js');
  checkModel(options, models);
  checkTarget(options);
  checkArrival(options, options.mode === 'atomic' || options.atomic !== undefined, '--mode atomic or --atomic');
  const { mode, out, resume, json, checkpoints, sign, trace, traceValues, keepSteps, flip } = options;
  const settings: TrainOptions = {
    ...settingsOf(options),
    mode,
    ...(out !== undefined && { out }),
    ...(resume !== undefined && { resume }),
    ...(checkpoints !== 'last' && { checkpoints }),
    ...(sign !== undefined && { sign }),
    ...(trace !== undefined && { trace }),
    ...(traceValues !== undefined && { traceValues }),
    ...(keepSteps !== undefined && { keepSteps }),
    ...(flip !== undefined && { flip: parseFlip(flip, '--flip') }),
  };
  checkFolder({ checkpoints: settings.checkpoints, sign, trace, 'keep-steps': keepSteps }, out ?? resume);
  if (traceValues !== undefined && trace === undefined && resume === undefined) {
    throw new ArgumentError({ who: '--trace-values', expected: '--trace beside it', got: 'none' });
  }
  const progress = openProgress();
  const where = out ?? resume;
  const goOn = where === undefined ? '' : `; go on with --resume ${where}`;
  const { signal, release } = interruptSignal(() => new Stopped(`stopped by hand${goOn}`));
  try {
    const result = await trainTrial(settings, { ...progress, signal });
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
    .option('--resume <dir>', 'go on with the training that was stopped in this folder', folderOption('--resume'))
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
    .option('--sign <file>', 'sign the receipt with the Ed25519 private key in this PEM file')
    .action(train);
}
