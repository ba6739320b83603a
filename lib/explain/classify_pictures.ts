/**
 * Pictures classified by a trained network on one target or several: the most probable classes, as in Tables 1 to 3 of
 * Leventi-Peetz and Oestreich (2022), and in how many bits the targets differ.
 */
import { type Rgb, readPicture } from '../data/index.js';
import {
  ArgumentError,
  checkOptions,
  DataError,
  givenOptions,
  integerOption,
  ShapeError,
  show,
  wordOption,
} from '../errors/index.js';
import type { Model } from '../models/index.js';
import { networks } from '../networks/index.js';
import { weightsHash } from '../runs/index.js';
import { createRuntime, type Runtime, type RuntimeOptions } from '../runtime/index.js';
import { tensor } from '../tensor/index.js';
import { readLabels } from './class_labels.js';
import { type Classification, type ClassifiedPicture, differenceOf } from './classification.js';
import {
  checkRanks,
  checkRanksExist,
  type HeatOverlay,
  type HeatsOfTarget,
  heatFacts,
  heatOver,
  heatsOf,
} from './classified_heat.js';
import { type ClassifierOptions, classifierOf } from './classifier.js';
import { checkRegion, occlude, type Region, ranking } from './occlusion.js';
import { pictureSight } from './sight.js';

/** What a picture's values become before the network, where the network does not do it itself; as `preprocess` has it. */
export type PicturePreprocessing = networks.Preprocessing;

/** Where to compute. */
export type ClassifyTarget = Pick<RuntimeOptions, 'device' | 'isa' | 'mode' | 'threads'>;

/** What `classifyPictures` takes. */
export interface ClassifyOptions extends Pick<ClassifierOptions, 'model' | 'weights'> {
  /** Files of pictures. */
  pictures: readonly string[];
  /** File with the names of the classes: JSON, or a name a line. Default: those of the run, or the numbers of the classes. */
  labels?: string | undefined;
  /** Most probable classes that are told of each picture. Default 5. */
  top?: number | undefined;
  /** Where to compute, one or several. Default: deterministic, as this machine does best. */
  targets?: readonly ClassifyTarget[] | undefined;
  /** Default 'none': the network takes values from 0 to 255, as those of the table and of runs do. */
  preprocessing?: PicturePreprocessing | undefined;
  /** A region of every picture to cover with the picture's mean colour, in its own pixels. */
  occlude?: Region | undefined;
  /** Ranks, from 1, of classes whose Grad-CAM is made of every picture on every target. Default none. */
  gradcam?: readonly number[] | undefined;
  /** Told each map of `gradcam` over its picture, as the first target made it. */
  onOverlay?: ((overlay: HeatOverlay) => void) | undefined;
}

const who = 'classify';
const modes = ['none', 'unit', 'tf', 'torch', 'caffe'] as const;

/** How many classes a network tells of a picture. Throws ShapeError for one that takes no picture, or whose outputs are no classes. */
function classCountOf({ parts, sampleShapes: { x, y } }: Model): number {
  const { inputs, outputs } = parts;
  if (inputs.length > 1 || outputs.length > 1 || x.length !== 3 || (x[2] !== 1 && x[2] !== 3) || y.length !== 1) {
    const expected = 'a network from one picture [height, width, 3] or [height, width, 1] to [classes]';
    throw new ShapeError({
      who,
      expected,
      got: `${inputs.length} of ${show([...x])} to ${outputs.length} of ${show([...y])}`,
    });
  }
  return Math.max(2, y[0]!);
}

/** One for each class; [1 - p, p] for one output. Throws DataError for values that are no probabilities. */
function probabilitiesOf(outputs: Float32Array): Float32Array {
  const bad = outputs.find((value) => !(value >= 0 && value <= 1));
  if (bad === undefined) return outputs.length > 1 ? outputs : Float32Array.of(1 - outputs[0]!, outputs[0]!);
  const hint = 'the last layer has to end with softmax or sigmoid';
  throw new DataError({ who, expected: 'outputs from 0 to 1', got: String(bad), hint });
}

/** The values of each picture as the network takes them. */
function valuesFor(model: Model, pictures: readonly Rgb[], { preprocessing = 'none' }: ClassifyOptions) {
  return pictures.map((picture) => {
    const pixels = pictureSight('', picture).values(model.runtime, model.sampleShapes.x);
    return preprocessing === 'none' ? Float32Array.from(pixels) : networks.preprocess(pixels, preprocessing);
  });
}

/** Probabilities of the classes of a picture. */
function classified(model: Model, values: Float32Array): Float32Array {
  using x = tensor(model.runtime, values, [1, ...model.sampleShapes.x]);
  using outputs = model.predictOnBatch(x);
  return probabilitiesOf(outputs.data() as Float32Array);
}

/** The pictures, each read and covered. */
async function read({ pictures, occlude: region }: ClassifyOptions): Promise<Rgb[]> {
  if (pictures.length === 0) throw new ArgumentError({ who, expected: 'pictures to be one file or more', got: 'none' });
  const found: Rgb[] = [];
  for (const path of pictures) {
    const picture = await readPicture(path, who);
    if (region !== undefined) checkRegion(`classify occlude ${show(path)}`, region, picture);
    found.push(region === undefined ? picture : occlude(picture, region));
  }
  return found;
}

/** Names of all classes. Throws ArgumentError for another number of labels. */
function namesFor(
  count: number,
  labels: readonly string[] | undefined,
  own: readonly string[] | undefined,
): readonly string[] {
  const names = labels ?? own ?? Array.from({ length: count }, (_, label) => String(label));
  if (names.length === count) return names;
  const expected = `names of the ${count} classes of the network`;
  throw new ArgumentError({ who: 'classify labels', expected, got: `${names.length}` });
}

/** A runtime for each target, made before anything is computed: what is not there is refused first. */
function runtimesOf(targets: readonly ClassifyTarget[]): Runtime[] {
  if (targets.length === 0) throw new ArgumentError({ who: 'classify targets', expected: 'one or more', got: 'none' });
  const runtimes: Runtime[] = [];
  try {
    for (const target of targets) {
      checkOptions('classify targets', target, ['device', 'isa', 'mode', 'threads']);
      runtimes.push(createRuntime(givenOptions(target, ['device', 'isa', 'mode', 'threads'])));
    }
    return runtimes;
  } catch (error) {
    for (const runtime of runtimes) runtime.dispose();
    throw error;
  }
}

/**
 * Classifies pictures by a finished training, a model out of a file of Keras, or a network by name with weights out of a file, on each
 * target in turn. Pictures are read and resized as those of datasets are. Rejects, before any network is opened, with ArgumentError for options, labels
 * and targets that cannot be used and DataError for pictures that cannot; then with what the files of networks refuse, ShapeError for
 * a network that takes no pictures, DataError for outputs that are no probabilities.
 * Example: `await classifyPictures({ model: 'runs/first', pictures: ['cat.jpg'], targets: [{ isa: 'scalar' }, { isa: 'avx2' }] })`.
 */
export async function classifyPictures(options: ClassifyOptions): Promise<Classification> {
  checkOptions('classifyPictures', options, [
    ...(['pictures', 'model', 'weights', 'labels', 'top', 'targets', 'preprocessing', 'occlude'] as const),
    ...(['gradcam', 'onOverlay'] as const),
  ] satisfies (keyof ClassifyOptions)[]);
  const ranks = checkRanks('classifyPictures', options.gradcam ?? []);
  const asked = integerOption('classifyPictures', 'top', options.top ?? 5, 1);
  const top = ranks.reduce((most, rank) => Math.max(most, rank), asked);
  wordOption('classifyPictures', 'preprocessing', options.preprocessing ?? 'none', modes);
  const labels = options.labels === undefined ? undefined : readLabels(options.labels);
  const classifier = classifierOf({ ...givenOptions(options, ['model', 'weights']), classes: labels?.length });
  const pictures = await read(options);
  const runtimes = runtimesOf(options.targets ?? [{}]);
  try {
    const found: Float32Array[][] = [];
    const heats: HeatsOfTarget[][] = [];
    let facts: Pick<Classification, 'network' | 'weightsHash'> | undefined;
    let names: readonly string[] = [];
    for (const runtime of runtimes) {
      using model = await classifier.open(runtime);
      names = namesFor(classCountOf(model), labels, classifier.classNames);
      checkRanksExist(ranks, names.length);
      const values = valuesFor(model, pictures, options);
      found.push(values.map((one) => classified(model, one)));
      const labelsOf = found[0]!.map((own) => ranks.map((rank) => ranking(own)[rank - 1]!));
      heats.push(values.map((one, i) => heatsOf(model, one, labelsOf[i]!)));
      if (heats.length === 1) tellOverlays(model, heats[0]!);
      facts ??= { network: classifier.name ?? model.name, weightsHash: weightsHash(model) };
    }
    return {
      model: options.model,
      ...facts!,
      classes: names.length,
      targets: runtimes.map(({ target, threads }) => ({ target, threads })),
      pictures: pictures.map(({ height, width }, i): ClassifiedPicture => {
        const own = found.map((one) => one[i]!);
        const all = ranking(own[0]!);
        return {
          ...{ path: options.pictures[i]!, height, width },
          ranking: all.slice(0, top).map((label, place) => ({
            ...{ rank: place + 1, label, class: names[label]! },
            probabilities: own.map((values) => values[label]!),
          })),
          differences: own.slice(1).map((values, k) => differenceOf(runtimes[k + 1]!.target, own[0]!, values)),
          heats: ranks.map((rank, k) => {
            const cams = heats.map((target) => target[i]![k]!);
            return heatFacts(rank, names[all[rank - 1]!]!, cams);
          }),
        };
      }),
    };

    function tellOverlays(model: Model, first: readonly HeatsOfTarget[]): void {
      for (const [picture, cams] of first.entries()) {
        for (const [k, cam] of cams.entries()) {
          const image = heatOver(model, pictures[picture]!, cam.heat);
          const about = { path: options.pictures[picture]!, picture, rank: ranks[k]!, class: names[cam.class]! };
          options.onOverlay?.({ ...about, image });
        }
      }
    }
  } finally {
    for (const runtime of runtimes) runtime.dispose();
  }
}
