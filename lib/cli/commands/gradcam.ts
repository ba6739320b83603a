/** `samebits gradcam`: where trained networks look for a class in a picture, as overlays, text and tables. */
import { basename, extname, join } from 'node:path';
import { Command } from 'commander';
import { ArgumentError, givenOptions, show } from '../../errors/index.js';
import type { Explanations, Overlays, Region, Score } from '../../explain/index.js';
import type { Device, Isa } from '../../runtime/index.js';
import { printJson } from '../json.js';
import { checkTarget, settingOption } from '../options.js';
import { folderOption, regionOption, wordOption } from '../values.js';
import { checkAlone, fileWord, gradcamPairs } from './gradcam_pairs.js';

interface Options {
  run?: string[];
  model?: string;
  image?: string;
  data?: string;
  sample?: string;
  pairs?: string;
  class?: string;
  layer?: string;
  score?: Score;
  occlude?: Region;
  halves?: [string, string];
  out?: string;
  device: Device;
  isa: Isa | 'auto';
  threads?: number;
  json?: true;
}

/** Reads the classes of the left and the right half. */
function halvesOption(text: string): [string, string] {
  const [left, right, ...more] = text.split(',');
  if (left && right && more.length === 0) return [left, right];
  throw new ArgumentError({ who: '--halves', expected: 'two classes left,right', got: show(text) });
}

/** Writes overlays and tables, and returns the paths in the order written. */
async function writeAll(out: string, explanations: Explanations, overlays: readonly Overlays[]): Promise<string[]> {
  const { encodePng } = await import('../../data/index.js');
  const { writeWhole } = await import('../../files/index.js');
  const { explanationsCsv, stabilityCsv } = await import('../../reports/index.js');
  const written: string[] = [];
  const write = (name: string, content: string | Uint8Array) => {
    const path = join(out, name);
    writeWhole(path, content);
    written.push(path);
  };
  for (const [i, { whole, occluded }] of overlays.entries()) {
    const stem = `run-${i + 1}-${fileWord(explanations.class)}`;
    write(`${stem}.png`, await encodePng(whole));
    if (occluded !== null) write(`${stem}-occluded.png`, await encodePng(occluded));
  }
  write('explanations.json', `${JSON.stringify(explanations, null, 2)}\n`);
  write('explanations.csv', explanationsCsv(explanations));
  if (explanations.pairs.length > 0) write('stability.csv', stabilityCsv(explanations));
  return written;
}

async function gradcam({ run, image, data, sample, pairs, out, json, ...options }: Options): Promise<void> {
  if (run === undefined) throw new ArgumentError({ who: '--run', expected: 'a value', got: 'none' });
  if (pairs !== undefined) {
    const { class: name, occlude, halves, ...shared } = options;
    checkAlone({ image, data, sample, class: name, occlude: occlude && Object.values(occlude), halves });
    checkTarget(options);
    return gradcamPairs({ ...shared, runs: run, pairs, ...(out !== undefined && { out }), ...(json && { json }) });
  }
  checkTarget(options);
  const { explainRuns } = await import('../../explain/index.js');
  const { claimFolder } = await import('../../files/index.js');
  const { explanationsText } = await import('../../reports/index.js');
  const asked = givenOptions({ image, data, sample }, ['image', 'data', 'sample']);
  const name = image === undefined ? fileWord(sample ?? 'sample') : basename(image, extname(image));
  const folder = out ?? join('gradcam', name);
  using _claim = claimFolder('--out', folder);
  const { explanations, overlays } = await explainRuns({ ...options, ...asked, runs: run });
  const written = await writeAll(folder, explanations, overlays);
  const list = written.map((path) => `wrote      ${path}`).join('\n');
  if (json) {
    printJson('gradcam', explanations);
    process.stderr.write(`${list}\n`);
  } else {
    process.stdout.write(`${explanationsText(explanations)}\n\n${list}\n`);
  }
}

/** The command `gradcam`. */
export function gradcamCommand(): Command {
  const folder = folderOption('--run');
  return new Command('gradcam')
    .description('show where trained networks look for a class in a picture')
    .option(
      '-r, --run <dir>',
      'folder of a finished training; several times to compare runs (required)',
      (text, before: string[] = []) => [...before, folder(text)],
    )
    .addOption(settingOption('model', { help: 'module of the network, where that is of your own', default: 'none' }))
    .option('--image <file>', 'picture to explain (this, --sample or --pairs is required)')
    .option('--sample <split:number>', 'sample of the data to explain, for example validation:3')
    .addOption(
      settingOption('data', {
        help: 'data that --sample is taken from (default: those of the run, where you began it)',
        default: 'none',
      }),
    )
    .option(
      '--pairs <file>',
      'CSV list of pictures of two things each (columns file,left,right): is the heat for each on its half?',
    )
    .option('--class <name>', 'class to explain, by name or number (default: what the first run predicts)')
    .option('--layer <name>', 'layer whose maps are weighted (default: the convolution farthest from the input)')
    .option(
      '--score <what>',
      'logit, what goes into the last sigmoid or softmax, or probability (default: logit)',
      wordOption('--score', ['probability', 'logit'] as const),
    )
    .option('--occlude <top,left,height,width>', 'cover this region, in pixels of the picture', regionOption)
    .option('--halves <left,right>', 'the classes seen in the halves of the picture', halvesOption)
    .option('-o, --out <dir>', 'folder for overlays and tables (default: gradcam/<name of the picture or list>)')
    .addOption(settingOption('device', { default: 'set' }))
    .addOption(settingOption('isa', { default: 'set' }))
    .addOption(settingOption('threads'))
    .option('--json', 'print one JSON object on stdout')
    .action(gradcam);
}
