/** Objects counted by trained networks in pictures with masks: each picture, each run, and all pictures of a run together. */
import { type Dataset, type Rgb, type Split, type SplitName, splitNames } from '../data/index.js';
import { ArgumentError, checkOptions, givenOptions, numberOption, show, wordOption } from '../errors/index.js';
import { sampleSight } from '../explain/index.js';
import type { Model } from '../models/index.js';
import { dataForRun, type FinishedRun, modelOfRun, readRun, restoreRun } from '../runs/index.js';
import { createRuntime, type Device, type Isa } from '../runtime/index.js';
import { type DataSettings, openData, type ReadHooks, readHooksOf } from '../tasks/index.js';
import { type Shape, sameShape, tensor } from '../tensor/index.js';
import { drawCount } from './drawing.js';
import { matchObjects } from './matching.js';
import { type CountMeasures, countMeasures, sumOf, type Tally } from './measures.js';
import { checkObjectOptions, type ObjectOptions, objectsIn } from './objects.js';

/** What `countRuns` takes. */
export interface CountOptions extends ObjectOptions {
  /** Folders of finished trainings whose targets are masks. */
  runs: readonly string[];
  /** The module of the network, where that is of the user's own. */
  model?: string;
  /** Data with masks: what `openTask` takes as data. Default: those of the first run, where this user began it. */
  data?: DataSettings['data'] | undefined;
  /** Default 'validation'. */
  split?: SplitName;
  /** A pixel belongs to an object where its probability * 255 is larger. Default 127. */
  threshold?: number;
  /** Name or number of the class that is counted. Default: class 1. */
  class?: string | number;
  /** Intersection over union from which on two objects are the same. Default 0.5. */
  iou?: number;
  device?: Device;
  isa?: Isa | 'auto';
  threads?: number;
}

/** What came of one picture. */
export interface PictureCount extends Tally, CountMeasures {
  name: string;
}

/** What came of one run. */
export interface RunCount {
  run: string;
  model: string;
  target: string;
  seed: number;
  weightsHash: string;
  pictures: PictureCount[];
  /** Of all pictures: counts and pixels are added up, then measured. */
  total: Tally & CountMeasures;
}

/** Counts of all runs, and how they were made. */
export interface Counts {
  split: SplitName;
  class: string;
  threshold: number;
  minArea: number;
  connectivity: 4 | 8;
  exclude: readonly string[];
  iou: number;
  dataHash: string;
  runs: RunCount[];
}

/** Who is told while objects are counted, and how that is stopped. */
export interface CountHooks extends ReadHooks {
  /** Told each picture of each run with its drawing, which is made when it is asked for. */
  onPicture?: (picture: { run: number; index: number; name: string; draw: () => Rgb }) => void | Promise<void>;
}

const who = 'countRuns';

/** Probabilities of a class out of the outputs of one sample: one sigmoid says class 1, otherwise each class has a channel. */
function probabilityAt(outputs: Float32Array, channels: number, label: number) {
  if (channels > 1) return (place: number) => outputs[place * channels + label]!;
  return label === 1 ? (place: number) => outputs[place]! : (place: number) => 1 - outputs[place]!;
}

/** Channels of what a network gives for a mask. Throws ArgumentError for a network that gives something else. */
function channelsOf(run: FinishedRun, { outputShape }: { outputShape: Shape }, mask: Shape): number {
  const [height, width] = mask;
  const [rows, columns, channels = 1] = outputShape;
  const fits = outputShape.length >= 2 && outputShape.length <= 3 && rows === height && columns === width;
  if (fits && (channels === 1 || channels === run.classNames.length)) return channels;
  const expected = `a run that gives the classes of ${height} x ${width} pixels`;
  throw new ArgumentError({ who, expected, got: `outputs ${show([...outputShape])} of ${show(run.folder)}` });
}

function labelOf(wanted: string | number, classNames: readonly string[]): number {
  const label = classNames.indexOf(String(wanted));
  const number = label >= 0 ? label : Number(wanted);
  if (Number.isInteger(number) && number >= 0 && number < classNames.length) return number;
  const known = classNames.map((name, i) => `${name} (${i})`).join(', ');
  throw new ArgumentError({ who, expected: `class to be one of ${known}`, got: show(wanted) });
}

/** The split of data that is counted in. Throws ArgumentError for one that is not there or has no masks. */
function splitOf(dataset: Dataset, name: SplitName, run: FinishedRun): Split {
  const split = dataset[name];
  if (split === undefined) throw new ArgumentError({ who, expected: `data with ${name} samples`, got: 'none' });
  const { targets, sampleShape } = split;
  if (targets.kind !== 'mask') {
    throw new ArgumentError({
      who,
      expected: 'data whose targets are masks',
      got: `targets of the kind '${targets.kind}'`,
    });
  }
  if (sameShape(sampleShape, run.sampleShape)) return split;
  const expected = `samples ${show([...run.sampleShape])}, as the runs were trained on`;
  throw new ArgumentError({ who, expected, got: show([...sampleShape]) });
}

function tallyOf(
  truthMask: ArrayLike<number>,
  mask: ArrayLike<number>,
): Pick<Tally, 'truthPixels' | 'predictedPixels' | 'bothPixels'> {
  let [truthPixels, predictedPixels, bothPixels] = [0, 0, 0];
  for (let at = 0; at < mask.length; at++) {
    truthPixels += truthMask[at]!;
    predictedPixels += mask[at]!;
    bothPixels += truthMask[at]! & mask[at]!;
  }
  return { truthPixels, predictedPixels, bothPixels };
}

type Asked = Required<Pick<CountOptions, 'split' | 'threshold' | 'minArea' | 'connectivity' | 'exclude' | 'iou'>>;

function checked(options: CountOptions): Asked {
  checkOptions(who, options, [
    ...(['runs', 'model', 'data', 'split', 'threshold', 'class', 'iou', 'device', 'isa', 'threads'] as const),
    ...(['connectivity', 'minArea', 'exclude'] as const),
  ] satisfies (keyof CountOptions)[]);
  const { split = 'validation', threshold = 127, iou = 0.5, minArea = 0, connectivity = 8, exclude = [] } = options;
  wordOption(who, 'split', split, splitNames);
  numberOption(who, 'threshold', threshold, 'a number from 0, below 255', (value) => value >= 0 && value < 255);
  numberOption(who, 'iou', iou, 'a number above 0, up to 1', (value) => value > 0 && value <= 1);
  checkObjectOptions(who, { minArea, connectivity, exclude });
  if (options.runs.length > 0) return { split, threshold, iou, minArea, connectivity, exclude };
  throw new ArgumentError({ who, expected: 'runs to be one folder or more', got: 'none' });
}

/**
 * Counts objects in the pictures of a split by finished trainings, always in deterministic mode: probability, threshold, connected
 * components, small ones removed, those on the exclusion lines not counted. True masks are counted alike, but nothing is removed
 * from them. Rejects, before any prediction, with ArgumentError for runs and data that do not fit, and with what data refuse.
 * Example: `await countRuns({ runs: ['runs/a'], minArea: 250, exclude: ['left', 'bottom'] })`.
 */
export async function countRuns(options: CountOptions, hooks: CountHooks = {}): Promise<Counts> {
  const asked = checked(options);
  const runs = options.runs.map((folder) => readRun(folder, who));
  const first = runs[0]!;
  const models = [];
  for (const run of runs) models.push(await modelOfRun(run, who, options.model));
  const { dataset } = await openData(dataForRun(who, first, options.data), { who, ...readHooksOf(hooks) });
  try {
    const label = labelOf(options.class ?? 1, first.classNames);
    const splits = runs.map((run) => splitOf(dataset, asked.split, run));
    using runtime = createRuntime(givenOptions(options, ['device', 'isa', 'threads']));
    const counted: RunCount[] = [];
    for (const [i, run] of runs.entries()) {
      using model = restoreRun(run, models[i]!, runtime);
      const pictures = await countPictures(splits[i]!, { run, model, label, asked, index: i, hooks });
      const total = sumOf(pictures);
      const { folder, model: name, target, seed, weightsHash } = run;
      counted.push({
        run: folder,
        model: name,
        target,
        seed,
        weightsHash,
        pictures,
        total: { ...total, ...countMeasures(total) },
      });
    }
    return { ...asked, class: first.classNames[label]!, dataHash: dataset.digest, runs: counted };
  } finally {
    dataset.dispose();
  }
}

interface Counting {
  run: FinishedRun;
  model: Model;
  label: number;
  asked: Asked;
  index: number;
  hooks: CountHooks;
}

async function countPictures(
  split: Split,
  { run, model, label, asked, index: number, hooks }: Counting,
): Promise<PictureCount[]> {
  const [height, width] = split.targets.shape as [number, number];
  const size = [height, width] as const;
  const channels = channelsOf(run, { outputShape: model.sampleShapes.y }, split.targets.shape);
  const { exclude, iou, threshold, ...objects } = asked;
  const how = { connectivity: objects.connectivity, exclude };
  const pictures: PictureCount[] = [];
  for (let index = 0; index < split.length; index++) {
    hooks.signal?.throwIfAborted();
    const { x, y } = split.read([index]);
    using sample = tensor(model.runtime, x, [1, ...split.sampleShape]);
    using outputs = model.predictOnBatch(sample);
    const probability = probabilityAt(outputs.data() as Float32Array, channels, label);
    const mask = Uint8Array.from({ length: height * width }, (_, at) => (probability(at) * 255 > threshold ? 1 : 0));
    const truthMask = Uint8Array.from({ length: height * width }, (_, at) => (y[at] === label ? 1 : 0));
    const predicted = objectsIn(mask, size, { ...how, minArea: objects.minArea });
    const truth = objectsIn(truthMask, size, how);
    const matched = matchObjects(truth, predicted, { iou }).length;
    const tally: Tally = { truth: truth.count, predicted: predicted.count, matched, ...tallyOf(truthMask, mask) };
    const name = split.paths?.[index] ?? `${asked.split}:${index}`;
    pictures.push({ name, ...tally, ...countMeasures(tally) });
    const values = x.slice();
    const draw = () =>
      drawCount({ shown: sampleSight(who, name, values, split.sampleShape).shown, mask, truth, predicted, exclude });
    await hooks.onPicture?.({ run: number, index, name, draw });
  }
  return pictures;
}
