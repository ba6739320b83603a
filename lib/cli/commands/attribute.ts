/** `samebits attribute`: what each source of difference does alone, ranked. */
import { join } from 'node:path';
import { Command } from 'commander';
import type { AttributeOptions, Attribution } from '../../attribution/index.js';
import type { DatasetDescription } from '../../data/index.js';
import { ArgumentError, givenOptions } from '../../errors/index.js';
import { claimFolder, writeWhole } from '../../files/index.js';
import { openProgress } from '../../progress/index.js';
import { parseFlip, settingsFor, type TrainOptions, withDefaults } from '../../settings/index.js';
import { Stopped } from '../failure.js';
import { printJson } from '../json.js';
import { addSettings, checkGiven, checkTarget, settingsOf } from '../options.js';
import { interruptSignal } from '../stop.js';
import { integerOption, kernelsOption, wordOption } from '../values.js';

interface Options {
  out?: string;
  json?: true;
  steps?: number;
  kernels?: readonly string[];
  arrival: 'seeded' | 'real';
  arrivalSeed?: number;
  runs: number;
  flip?: string;
  check?: true;
}

function optionsOf(options: Options, settings: TrainOptions): AttributeOptions {
  const { steps, kernels, arrival, arrivalSeed, runs, flip, check = false } = options;
  if (steps === undefined) throw new ArgumentError({ who: '--steps', expected: 'a value', got: 'none' });
  return {
    ...givenOptions(settings, settingsFor('attribute')),
    steps,
    arrival,
    runs,
    check,
    ...(arrivalSeed !== undefined && { arrivalSeed }),
    ...(kernels !== undefined && { kernels }),
    ...(flip !== undefined && { flip: parseFlip(flip, '--flip') }),
  };
}

/** Writes the tables, and returns their paths. */
async function writeAll(out: string, found: Attribution, data: DatasetDescription): Promise<string[]> {
  const { attributionCsv, attributionGrowthCsv } = await import('../../reports/index.js');
  const files = {
    'data.json': `${JSON.stringify(data, null, 2)}\n`,
    'attribution.json': `${JSON.stringify(found, null, 2)}\n`,
    'attribution.csv': attributionCsv(found),
    'growth.csv': attributionGrowthCsv(found),
  };
  return Object.entries(files).map(([name, text]) => {
    const path = join(out, name);
    writeWhole(path, text);
    return path;
  });
}

async function attributeSources(options: Options): Promise<void> {
  const given = settingsOf(options, 'attribute');
  checkGiven(given);
  const settings = withDefaults(given);
  checkTarget(settings);
  const asked = optionsOf(options, settings);
  const { attribute } = await import('../../attribution/index.js');
  const { attributionText } = await import('../../reports/index.js');
  using _claim = options.out === undefined ? undefined : claimFolder('--out', options.out);
  const progress = openProgress();
  const { signal, release } = interruptSignal(() => new Stopped('stopped by hand'));
  let found: Attribution;
  let described: DatasetDescription | undefined;
  try {
    found = await attribute(asked, {
      signal,
      onPhase: progress.onPhase,
      onPictures: progress.onPictures,
      onNote: progress.onNote,
      onData: (data) => {
        described = data;
        progress.onData(data);
      },
      onRun: (name, run, runs) => progress.line(`${name}, training ${run} of ${runs}`),
    });
  } finally {
    progress.stop();
    release();
  }
  const written = options.out === undefined ? [] : await writeAll(options.out, found, described!);
  const list = written.map((path) => `wrote ${path}\n`).join('');
  if (options.json) printJson('attribute', found);
  else process.stdout.write(`${attributionText(found)}\n`);
  process.stderr.write(list);
}

/** The command `attribute`. */
export function attributeCommand(): Command {
  const description = 'train with each source of difference alone, measure how far it leads, and rank the sources';
  return addSettings(new Command('attribute').description(description), 'attribute')
    .option('--steps <n>', 'training steps (required)', integerOption('--steps', 1))
    .option(
      '--arrival <how>',
      'order in which partial sums arrive: seeded, which repeats itself, or real',
      wordOption('--arrival', ['seeded', 'real'] as const),
      'seeded',
    )
    .option(
      '--arrival-seed <n>',
      'seed of the first training with a source (default: 1)',
      integerOption('--arrival-seed', 0),
    )
    .option('--runs <n>', 'trainings with each source, each with the next seed', integerOption('--runs', 1, 99), 3)
    .option(
      '--kernels <list>',
      'only these kernels (default: all of a step that join sums)',
      kernelsOption('--kernels'),
    )
    .option('--flip <where>', 'the flipped bit to set beside them (default: the lowest bit of the first weight)')
    .option('--check', 'train twice with the first seed of each source and say whether the bits are the same')
    .option('-o, --out <dir>', 'folder for tables and numbers')
    .action(attributeSources);
}
