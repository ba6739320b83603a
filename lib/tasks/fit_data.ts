/** The data of a fit that leaves a run folder, as a dataset: what a training binds has a digest. */
import type { ArrayData, Dataset, Split, SplitName, TargetKind } from '../data/index.js';
import { ArgumentError, DataError, show } from '../errors/index.js';
import { type FitData, type RunData, rowsOf, type SampleShapes } from '../models/index.js';
import { sameShape, sizeOf } from '../tensor/index.js';
import { openData } from './open_data.js';
import { datasetOf, ownDataset } from './own_dataset.js';

/** What a fit learns from and is judged by, and the shapes its model has. */
export interface FitDataParts {
  data: RunData;
  validationData: FitData | undefined;
  shapes: SampleShapes;
  /** What targets are, where it is known. */
  targets?: TargetKind | undefined;
  signal: AbortSignal | undefined;
}

type Arrays = { x: ArrayData; y: ArrayData };

const isSplit = (data: RunData): data is Split => 'read' in data && 'targets' in data;
const isArrays = (data: RunData): data is Arrays => 'x' in data && 'y' in data;

/**
 * Opens data for a fit. Rejects with ArgumentError for what are no data, and for `validationData` beside data that bring their
 * own; with what `openData` refuses; with ShapeError or DataError for arrays that are not the model's.
 */
export async function openFitData(who: string, parts: FitDataParts): Promise<Dataset> {
  const { data, validationData: validation, signal } = parts;
  if (typeof data !== 'object' || data === null || !['train', 'read', 'x'].some((name) => name in data)) {
    const expected = 'data as { x, y }, a split, a definition or a dataset';
    throw new ArgumentError({ who, expected, got: show(data) });
  }
  refuseAugmented(who, data);
  if (isSplit(data) || isArrays(data)) {
    if (validation !== undefined && isSplit(validation) !== isSplit(data)) {
      const [expected, got] = isSplit(data) ? ['a split, as data is', 'arrays'] : ['{ x, y }, as data is', 'a split'];
      throw new ArgumentError({ who, expected: `validationData to be ${expected}, beside run`, got });
    }
    return isSplit(data) ? splits(who, data, validation as Split, signal) : arrays(who, data, parts);
  }
  if (validation !== undefined) {
    const hint = 'give it as validation of the data';
    throw new ArgumentError({ who, expected: 'no validationData beside a definition or a dataset', got: 'it', hint });
  }
  const { dataset } = await openData({ data }, { who, signal });
  return dataset;
}

/** Throws ArgumentError for augmented samples: no receipt says how they are drawn. */
function refuseAugmented(who: string, data: RunData): void {
  const { augment = [] } = (isSplit(data) ? data : 'train' in data ? data.train : {}) as Partial<Split>;
  if (augment.length === 0) return;
  const hint = 'no receipt could say how; train with the setting augment instead';
  throw new ArgumentError({ who, expected: 'samples that are not augmented, beside run', got: show(augment), hint });
}

/** Names of classes that have none of their own. */
const numbered = (classes: number) => Array.from({ length: classes }, (_, label) => String(label));

function splits(who: string, train: Split, validation: Split | undefined, signal: AbortSignal | undefined) {
  const { sampleShape, targets } = train;
  const given: [SplitName, Split | undefined][] = [
    ['train', train],
    ['validation', validation],
  ];
  const found = given.flatMap(([name, split]) => (split === undefined ? [] : [{ name, split }]));
  for (const { name, split } of found) {
    const { kind, shape, classes } = split.targets;
    const same = kind === targets.kind && sameShape(shape, targets.shape) && classes === targets.classes;
    if (same && sameShape(split.sampleShape, sampleShape)) continue;
    const expected = `samples and targets of ${name} to be as those of train`;
    throw new DataError({ who, expected, got: 'other shapes' });
  }
  return datasetOf({ form: { sampleShape, targets }, classNames: numbered(targets.classes), splits: found, signal });
}

/** What targets in arrays of the model's shape are: classes where that is plain to see, else numbers. */
function kindOf(rows: readonly ArrayLike<number>[], width: number): TargetKind | undefined {
  if (width > 1) return undefined;
  const are = (holds: (value: number) => boolean) => rows.every((values) => Array.prototype.every.call(values, holds));
  const areClasses = are((value) => value === 0 || value === 1) && !are((value) => value === 0);
  return areClasses ? 'class' : 'value';
}

async function arrays(who: string, train: Arrays, parts: FitDataParts): Promise<Dataset> {
  const { shapes, signal } = parts;
  const validation = parts.validationData as Arrays | undefined;
  const { y: outputs, target: targetShape = outputs } = shapes;
  const targetsOf = (name: string, { y }: Arrays) => rowsOf(who, `y of ${name}`, y, targetShape).values;
  const own = (data: Arrays, y: ArrayData) => ({ x: data.x, y, sampleShape: shapes.x, targetShape });
  const y = targetsOf('train', train);
  const validationY = validation && targetsOf('validation', validation);
  const numbers = targetShape.length === 0 ? 'class' : 'mask';
  const found = () => kindOf([y, ...(validationY ? [validationY] : [])], sizeOf(outputs));
  const targets = parts.targets ?? (shapes.target ? numbers : found());
  return ownDataset(
    {
      train: own(train, y),
      validation: validation && own(validation, validationY!),
      ...(targets !== undefined && { targets }),
    },
    { who, signal },
  );
}
