/** `samebits train`: one training, its progress on stderr and its result on stdout. */
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { validationName } from '../../metrics/index.js';
import { isShare, measuresOf, openProgress, type RunSize, shortValue, wordsOf } from '../../progress/index.js';
import type { EpochResult, TrainResult } from '../../runs/index.js';
import { type TrainOptions, type TrainRequest, withDefaults } from '../../settings/index.js';
import { Stopped } from '../failure.js';
import { printJson } from '../json.js';
import { addSettings, checkArrival, checkGiven, checkNeeds, checkTarget, settingsOf } from '../options.js';
import { spaceLine } from '../space.js';
import { interruptSignal } from '../stop.js';

interface Options {
  json?: true;
}

/** A line a metric, over training and validation samples; the loss where the model has no metric. */
function measured(last: EpochResult): [string, string][] {
  const means = measuresOf(last);
  const training = means.filter(({ validation }) => !validation);
  const metrics = training.filter(({ name }) => name !== 'loss');
  const told = (of: string, value: number | null | undefined) => {
    if (value === null || value === undefined) return 'none';
    return isShare(of) ? `${(value * 100).toFixed(1)} %` : shortValue({ of, value });
  };
  const judged = (name: string) => means.find((one) => one.name === validationName(name))?.value;
  return (metrics.length > 0 ? metrics : training).map(({ name, value }) => [
    wordsOf(name),
    `${told(name, value)}, validation ${told(name, judged(name))}`,
  ]);
}

function summary(result: TrainResult): string {
  const last = result.epochs.at(-1)!;
  const lines: [string, string][] = [
    ['target', `${result.target}, ${result.threads} threads, contract ${result.contract}`],
    ['model', `${result.model}, ${result.parameters} trainable parameters, seed ${result.seed}`],
    ...measured(last),
    [
      'step',
      `${(result.stepSecondsMedian * 1000).toFixed(1)} ms (median), peak memory ${Math.round(result.peakMemoryMiB)} MiB`,
    ],
    ['data', result.dataHash],
    ['weights', result.weightsHash],
    ...(result.predictionsHash === null ? [] : [['predictions', result.predictionsHash] as [string, string]]),
  ];
  const width = lines.reduce((most, [name]) => Math.max(most, name.length + 2), 13);
  return lines.map(([name, value]) => `${name.padEnd(width)}${value}`).join('\n');
}

/** A training to begin: every setting counts, given or not. */
function beginning(given: Partial<TrainOptions>): TrainRequest {
  checkGiven(given);
  const settings = withDefaults(given);
  checkTarget(settings);
  const { mode, atomic } = settings;
  checkArrival(settings, mode === 'atomic' || atomic !== undefined, '--mode atomic or --atomic');
  checkNeeds(settings);
  return settings;
}

async function train(options: Options): Promise<void> {
  const { json } = options;
  const given = settingsOf(options, 'train');
  const { out, resume } = given;
  // A training that goes on has its settings in its folder, so only those count that were given.
  const request = resume === undefined ? beginning(given) : { ...given, resume };
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
    const onSize = (size: RunSize) => {
      progress.onSize?.(size);
      const smaller = 'ask for fewer epochs, --keep-steps or --trace-values, or --checkpoints last';
      const line = spaceLine({ who: 'train', folder: where!, bytes: size.bytes, of: 'run folder', smaller });
      if (line !== undefined) progress.line(line);
    };
    const result = await train(request, { onPhase, onPictures, onNote, onData, onSize, onStep, onEpoch, signal });
    progress.stop();
    if (json) printJson('train', result);
    else process.stdout.write(`${summary(result)}\n`);
  } finally {
    progress.stop();
    release();
  }
}

/** The command `train`. */
export function trainCommand(): Command {
  return addSettings(new Command('train').description('train a network once'), 'train').action(train);
}
