/** `samebits classify`: the most probable classes of pictures by a trained network, on one target or several side by side. */
import { basename, extname, join } from 'node:path';
import { Command } from 'commander';
import { ArgumentError, givenOptions, show } from '../../errors/index.js';
import type { ClassifyTarget, HeatOverlay, Region } from '../../explain/index.js';
import { type Device, devices, type Isa, isas, modes } from '../../runtime/index.js';
import { printJson } from '../json.js';
import { checkTarget, settingOption } from '../options.js';
import { integerOption, integersOption, regionOption, wordOption } from '../values.js';
import { fileWord } from './gradcam_pairs.js';

interface Options {
  model?: string;
  weights?: string;
  labels?: string;
  top?: number;
  targets?: ClassifyTarget[];
  preprocessing?: 'none' | 'unit' | 'tf' | 'torch' | 'caffe';
  occlude?: Region;
  gradcam?: number[];
  out?: string;
  device: Device;
  isa: Isa | 'auto';
  threads?: number;
  json?: true;
  csv?: true;
}

const who = '--targets';

/** The words of a target, by what they set. */
const words = { device: devices, isa: ['auto', ...isas], mode: modes } as const;

/** What one word of a target sets, by name. */
function partOf(word: string): [name: string, value: string | number] {
  const threads = /^(\d{1,4})threads?$/.exec(word)?.[1];
  if (threads !== undefined) return ['threads', integerOption(who, 1, 1024)(threads)];
  const found = Object.entries(words).find(([, known]) => (known as readonly string[]).includes(word));
  if (found !== undefined) return [found[0], word];
  const known = Object.values(words).flat().join(', ');
  throw new ArgumentError({ who, expected: `words of ${known}, or 2threads, with / between them`, got: show(word) });
}

/** Reads targets as `cpu/scalar,cpu/avx2/2threads,atomic`: what a target does not say is as this machine does best. */
function targetsOption(text: string): ClassifyTarget[] {
  return text.split(',').map((target) => {
    const parts = new Map(target.split('/').map(partOf));
    if (parts.size === target.split('/').length) return Object.fromEntries(parts) as ClassifyTarget;
    throw new ArgumentError({ who, expected: 'each of device, isa, mode and threads once', got: show(target) });
  });
}

/** Writes the heat over each picture into a folder that is claimed, and returns the paths in the order written. */
async function writeOverlays(out: string, overlays: readonly HeatOverlay[]): Promise<string[]> {
  const { encodePng } = await import('../../data/index.js');
  const { writeWhole } = await import('../../files/index.js');
  const written: string[] = [];
  for (const { path, picture, rank, class: name, image } of overlays) {
    const file = `${picture + 1}-${basename(path, extname(path))}-rank-${rank}-${fileWord(name)}.png`;
    writeWhole(join(out, file), await encodePng(image));
    written.push(join(out, file));
  }
  return written;
}

async function classify(
  pictures: string[],
  { json, csv, device, isa, threads, out: given, ...options }: Options,
): Promise<void> {
  const { model } = options;
  if (model === undefined) throw new ArgumentError({ who: '--model', expected: 'a value', got: 'none' });
  if (json && csv) throw new ArgumentError({ who: '--csv', expected: 'no --json beside it', got: 'it' });
  if (given !== undefined && options.gradcam === undefined) {
    throw new ArgumentError({ who: '--out', expected: '--gradcam beside it', got: 'none' });
  }
  const one: ClassifyTarget = { device, isa, ...(threads !== undefined && { threads }) };
  const targets = (options.targets ?? [{}]).map((target) => ({ ...one, ...target }));
  for (const target of targets) checkTarget({ device: target.device!, isa: target.isa! });
  const out = options.gradcam === undefined ? undefined : (given ?? 'classify');
  const { claimFolder } = await import('../../files/index.js');
  const { classifyPictures } = await import('../../explain/index.js');
  const asked = givenOptions(options, ['weights', 'labels', 'top', 'preprocessing', 'occlude', 'gradcam']);
  const overlays: HeatOverlay[] = [];
  const onOverlay = (overlay: HeatOverlay) => void overlays.push(overlay);
  using _claim = out === undefined ? undefined : claimFolder('--out', out);
  const found = await classifyPictures({ ...asked, pictures, model, targets, onOverlay });
  if (out !== undefined) {
    const written = await writeOverlays(out, overlays);
    process.stderr.write(written.map((path) => `wrote      ${path}\n`).join(''));
  }
  if (json) {
    printJson('classify', found);
    return;
  }
  const { classificationCsv, classificationText } = await import('../../reports/index.js');
  process.stdout.write(csv ? classificationCsv(found) : `${classificationText(found)}\n`);
}

/** The command `classify`. */
export function classifyCommand(): Command {
  return new Command('classify')
    .description('tell the most probable classes of pictures, on one target or several side by side')
    .argument('<picture...>', 'files of pictures')
    .option(
      '-m, --model <name>',
      'folder of a finished training, file of Keras (.keras, .h5), or a network by name (required)',
    )
    .option('--weights <file>', 'file of the weights of a network by name')
    .option('--labels <file>', 'names of the classes: JSON, or a name a line (default: those of the run, or numbers)')
    .option('--top <n>', 'most probable classes to tell (default: 5)', integerOption('--top', 1))
    .option('--targets <list>', 'where to compute, for example cpu/scalar,cpu/avx2/2threads', targetsOption)
    .option(
      '--preprocessing <name>',
      'of values from 0 to 255 for a file of Keras: none, unit, tf, torch or caffe (default: none)',
      wordOption('--preprocessing', ['none', 'unit', 'tf', 'torch', 'caffe'] as const),
    )
    .option('--occlude <top,left,height,width>', 'cover this region, in pixels of the pictures', regionOption)
    .option(
      '--gradcam <ranks>',
      'ranks of classes whose Grad-CAM is laid over each picture, for example 1,3',
      integersOption('--gradcam'),
    )
    .option('-o, --out <dir>', 'folder for the pictures of --gradcam (default: classify)')
    .addOption(settingOption('device', { default: 'set' }))
    .addOption(settingOption('isa', { default: 'set' }))
    .addOption(settingOption('threads'))
    .option('--json', 'print one JSON object on stdout')
    .option('--csv', 'print a table as CSV on stdout')
    .action(classify);
}
