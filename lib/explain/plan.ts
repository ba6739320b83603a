/** What is asked of an explanation by runs, and its checks: all that can be wrong is refused here, before any work. */
import { readPicture } from '../data/index.js';
import { ArgumentError, show } from '../errors/index.js';
import { type FinishedRun, modelOfRun, ownData, type RunModel, readRun } from '../runs/index.js';
import type { Device, Isa } from '../runtime/index.js';
import type { DataSettings } from '../tasks/index.js';
import type { Score } from './grad_cam.js';
import { checkRegion, type Region } from './occlusion.js';
import { hasConvolution, mapLayers } from './places.js';
import { readSample } from './sample.js';
import { pictureSight, requirePictures, type Sight } from './sight.js';

/** What `explainRuns` takes. */
export interface ExplainOptions {
  /** Folders of finished trainings, of one shape of samples and with the same classes. */
  runs: readonly string[];
  /** The module of the network, where that is of the user's own; its hash has to be that in the receipts of all runs. */
  model?: string;
  /** File of the picture to explain. */
  image?: string | undefined;
  /** Data to take the sample from: what `openTask` takes as data. Default: those of the first run, where this user began it. */
  data?: DataSettings['data'] | undefined;
  /** The sample to explain, by split and number from 0: `validation:3`, `train:0`. */
  sample?: string | undefined;
  /** Name or number of the class. Default: the class that the first run ranks first. */
  class?: string;
  /** Default: of each model as in `gradCam`. */
  layer?: string;
  score?: Score;
  /** A region of the picture to cover, in its own pixels. */
  occlude?: Region;
  /** The classes whose things are seen in the left and in the right half of the picture. */
  halves?: readonly [left: string, right: string];
  device?: Device;
  isa?: Isa | 'auto';
  threads?: number;
}

/** What is asked for, checked. */
export interface Plan {
  runs: { run: FinishedRun; model: RunModel }[];
  sight: Sight;
  label: number | undefined;
}

/** The number of a class given by name or number. Throws ArgumentError in the words of `option`. */
export function classOf(option: string, name: string, classNames: readonly string[]): number {
  const byName = classNames.indexOf(name);
  if (byName >= 0) return byName;
  const number = /^\d{1,3}$/.test(name) ? Number(name) : classNames.length;
  if (number < classNames.length) return number;
  const known = classNames.map((one, i) => `${one} (${i})`).join(', ');
  throw new ArgumentError({ who: option, expected: `one of the classes ${known}`, got: show(name) });
}

/** Throws ArgumentError unless the explanations of both runs can be laid side by side. */
function requireAlike(first: FinishedRun, other: FinishedRun): void {
  const facts = ({ sampleShape: [height, width], classNames }: FinishedRun) =>
    `pictures of ${height} x ${width} and classes ${classNames.join(', ')}`;
  if (facts(first) === facts(other)) return;
  const expected = `runs with ${facts(first)}, as in ${show(first.folder)}`;
  throw new ArgumentError({ who: 'explain runs', expected, got: `${facts(other)} in ${show(other.folder)}` });
}

/** Opens runs that explain the same pictures; throws as `explainRuns` does. */
export async function openRuns({
  runs,
  layer,
  model: named,
}: Pick<ExplainOptions, 'runs' | 'layer' | 'model'>): Promise<Plan['runs']> {
  if (runs.length === 0) throw new ArgumentError({ who: 'explain runs', expected: 'a value', got: 'none' });
  const opened: Plan['runs'] = [];
  for (const folder of runs) {
    const run = readRun(folder, 'explain runs');
    opened.push({ run, model: await modelOfRun(run, named === undefined ? 'explain runs' : 'explain model', named) });
  }
  const { run: first } = opened[0]!;
  for (const { run } of opened) requireAlike(first, run);
  for (const {
    run,
    model: { model },
  } of opened) {
    const known = mapLayers(model);
    if (layer !== undefined && !known.includes(layer)) {
      const expected = `one of the layers ${known.join(', ')} of ${run.model}`;
      throw new ArgumentError({ who: 'explain layer', expected, got: show(layer) });
    }
  }
  return opened;
}

/** Whether the network of a run has a layer whose maps can be weighted. Rejects as `modelOfRun` does. */
export async function canBeExplained(folder: string): Promise<boolean> {
  const { model } = await modelOfRun(readRun(folder));
  using _model = model;
  return hasConvolution(model);
}

/** Opens runs, and the picture or sample to explain; rejects as `explainRuns` does. */
export async function planOf(options: ExplainOptions): Promise<Plan> {
  const opened = await openRuns(options);
  const { classNames } = opened[0]!.run;
  const { class: name, occlude: region, halves } = options;
  const label = name === undefined ? undefined : classOf('explain class', name, classNames);
  for (const half of halves ?? []) classOf('explain halves', half, classNames);
  const sight = await sightOf(options, opened[0]!.run);
  if (region !== undefined) checkRegion('explain occlude', region, sight);
  return { runs: opened, sight, label };
}

/** The data of a run that this user began. Throws ArgumentError for the run of somebody else, whose paths are not followed. */
function dataOf(folder: string): DataSettings {
  const settings = ownData(folder);
  if (settings !== undefined) return settings;
  const hint = `the run ${show(folder)} was not begun by this user on this machine, so the data it names are not opened`;
  throw new ArgumentError({ who: 'explain sample', expected: 'data beside it', got: 'none', hint });
}

/** The picture or sample that is asked for. Throws ArgumentError unless it is one of both, that the runs can take. */
async function sightOf(
  { image, data, sample }: Omit<ExplainOptions, 'runs'>,
  { folder, sampleShape }: FinishedRun,
): Promise<Sight> {
  if (image === undefined && sample === undefined) {
    throw new ArgumentError({ who: 'explain image', expected: 'a value, or sample', got: 'none' });
  }
  if (image !== undefined) {
    const beside = Object.entries({ data, sample }).find(([, value]) => value !== undefined);
    if (beside !== undefined) {
      const [name, value] = beside;
      throw new ArgumentError({ who: 'explain image', expected: `no ${name} beside it`, got: show(value) });
    }
    requirePictures('explain image', sampleShape);
    return pictureSight(image, await readPicture(image, 'explain image'));
  }
  return readSample(data === undefined ? dataOf(folder) : { data }, sample!, sampleShape);
}
