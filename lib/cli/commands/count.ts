/** `samebits count`: objects that trained networks count in pictures with masks, as a table, CSV and pictures. */
import { join } from 'node:path';
import { Command } from 'commander';
import { type Edge, edges } from '../../counting/index.js';
import type { Rgb, SplitName } from '../../data/index.js';
import { ArgumentError, givenOptions, show } from '../../errors/index.js';
import { expectExtra } from '../../lazy/index.js';
import type { Device, Isa } from '../../runtime/index.js';
import { Stopped } from '../failure.js';
import { printJson } from '../json.js';
import { checkTarget, settingOption } from '../options.js';
import { interruptSignal } from '../stop.js';
import { folderOption, integerOption, wordOption, wordsOption } from '../values.js';

interface Options {
  run?: string[];
  model?: string;
  data?: string;
  split?: SplitName;
  threshold?: number;
  minArea?: number;
  connectivity?: '4' | '8';
  exclude?: Edge[];
  class?: string;
  iou?: number;
  pictures: number;
  out?: string;
  device: Device;
  isa: Isa | 'auto';
  threads?: number;
  json?: true;
}

/** Reads a number from 0 to a largest one. */
const decimalOption = (option: string, most: number) => (text: string) => {
  const value = /^(?:\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= most) return value;
  throw new ArgumentError({ who: option, expected: `a number from 0 to ${most}`, got: show(text) });
};

async function count({ run, connectivity, pictures, out, json, ...options }: Options): Promise<void> {
  if (run === undefined) throw new ArgumentError({ who: '--run', expected: 'a value', got: 'none' });
  checkTarget(options);
  const { countRuns, countsCsv, countsText } = await import('../../counting/index.js');
  const { encodePng } = await import('../../data/index.js');
  const { claimFolder, writeWhole } = await import('../../files/index.js');
  // Box plots are of two runs or more; what draws them is asked for before the work.
  if (out !== undefined && run.length > 1) expectExtra('reports');
  using _claim = out === undefined ? undefined : claimFolder('--out', out);
  const { signal, release } = interruptSignal(() => new Stopped('stopped by hand'));
  const written: string[] = [];
  const write = (name: string, content: string | Uint8Array) => {
    const path = join(out!, name);
    writeWhole(path, content);
    written.push(path);
  };
  const onPicture = async (picture: { run: number; index: number; draw: () => Rgb }) => {
    if (out === undefined || picture.index >= pictures) return;
    const name = `run-${picture.run + 1}-picture-${String(picture.index + 1).padStart(4, '0')}.png`;
    write(name, await encodePng(picture.draw()));
  };
  try {
    const asked = givenOptions(options, [
      ...(['model', 'data', 'split', 'threshold', 'minArea', 'exclude', 'class', 'iou'] as const),
      ...(['device', 'isa', 'threads'] as const),
    ]);
    const neighbours = connectivity === undefined ? {} : { connectivity: Number(connectivity) as 4 | 8 };
    const counts = await countRuns({ ...asked, ...neighbours, runs: run }, { onPicture, signal });
    if (out !== undefined) {
      write('counts.json', `${JSON.stringify(counts, null, 2)}\n`);
      write('counts.csv', countsCsv(counts));
      const { writeCounts } = await import('../../reports/index.js');
      for (const path of await writeCounts(counts, out)) written.push(path);
    }
    const list = written.map((path) => `wrote ${path}\n`).join('');
    if (json) {
      printJson('count', counts);
      process.stderr.write(list);
    } else {
      process.stdout.write(`${countsText(counts)}\n${list === '' ? '' : `\n${list}`}`);
    }
  } finally {
    release();
  }
}

/** The command `count`. */
export function countCommand(): Command {
  const folder = folderOption('--run');
  return new Command('count')
    .description('count objects by networks trained on masks, and compare with what is there')
    .option(
      '-r, --run <dir>',
      'folder of a finished training; several times for a row each (required)',
      (text, before: string[] = []) => [...before, folder(text)],
    )
    .addOption(settingOption('model', { help: 'module of the network, where that is of your own', default: 'none' }))
    .addOption(
      settingOption('data', {
        help: 'pictures with masks (default: those of the run, where you began it)',
        default: 'none',
      }),
    )
    .option(
      '--split <name>',
      'train, validation or test (default: validation)',
      wordOption('--split', ['train', 'validation', 'test'] as const),
    )
    .option(
      '--threshold <value>',
      'a pixel counts where probability * 255 is larger (default: 127)',
      decimalOption('--threshold', 255),
    )
    .option(
      '--min-area <pixels>',
      'components of fewer pixels are removed (default: 0)',
      integerOption('--min-area', 0),
    )
    .option('--connectivity <n>', '4 or 8 neighbours (default: 8)', wordOption('--connectivity', ['4', '8'] as const))
    .option(
      '--exclude <edges>',
      'edges that are exclusion lines, as left,bottom (default: none)',
      wordsOption('--exclude', edges),
    )
    .option('--class <name>', 'class to count, by name or number (default: 1)')
    .option(
      '--iou <share>',
      'intersection over union from which on two objects are one (default: 0.5)',
      decimalOption('--iou', 1),
    )
    .option('--pictures <n>', 'with --out, draw the first n pictures of each run', integerOption('--pictures', 0), 8)
    .option('-o, --out <dir>', 'folder for counts.json, counts.csv, pictures, and a table and box plots of all runs')
    .addOption(settingOption('device', { default: 'set' }))
    .addOption(settingOption('isa', { default: 'set' }))
    .addOption(settingOption('threads'))
    .option('--json', 'print one JSON object on stdout')
    .action(count);
}
