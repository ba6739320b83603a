/** The samples of the user's own data as rows of numbers: all of them in memory, or read when they are asked for. */
import { setImmediate } from 'node:timers/promises';
import {
  type ArrayData,
  isReader,
  type OwnSample,
  type OwnSplit,
  type PicturesProgress,
  type ReaderSplit,
  type SplitName,
} from '../data/index.js';
import { ArgumentError, DataError, DtypeError, ShapeError, show } from '../errors/index.js';
import { rowsOf } from '../models/index.js';
import { bytesText, machineMemory } from '../runtime/index.js';
import {
  described,
  isFlat,
  isTyped,
  type Nested,
  type NumberArray,
  type Shape,
  sameShape,
  shapeOf,
  sizeOf,
  storable,
  Tensor,
  valuesIn,
} from '../tensor/index.js';

type Values = Uint8Array | Float32Array;

/** A sample and its target as numbers. */
export interface Row {
  x: Values;
  y: Values;
}

/** A split as rows of numbers, whatever its targets say. */
export interface RawSplit {
  name: SplitName;
  length: number;
  sampleShape: Shape;
  targetShape: Shape;
  /** All samples and all targets, one after the other; undefined where they are read one by one. */
  memory: Row | undefined;
  /** One sample. Throws what its reader throws, and DataError for what does not fit. */
  row(index: number): Row;
}

/** How a split is read. */
export interface RawOptions {
  who: string;
  name: SplitName;
  /** Samples to take, from the first; absent takes all. */
  samples?: number | undefined;
  /** Whether samples that are given at once stay where they are until a step needs them. */
  lazy: boolean;
  onProgress?: ((progress: PicturesProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** The rows of a split. Rejects with ArgumentError, ShapeError, DtypeError or DataError for what is not as it should be. */
export async function rawSplit(split: OwnSplit, options: RawOptions): Promise<RawSplit> {
  const raw = isReader(split) ? await readerRows(split, options) : arrayRows(split.x, split.y, split, options);
  if (raw.length > 0) return raw;
  throw new DataError({ who: options.who, expected: `samples in ${options.name}`, got: 'none' });
}

function counted({ who, name, samples }: RawOptions, length: number): number {
  if (samples === undefined || samples <= length) return samples ?? length;
  throw new ArgumentError({ who, expected: `samples to be at most the ${length} of ${name}`, got: show(samples) });
}

/** The shape of one item of arrays, where they have one of their own. */
function ownShape(data: ArrayData): Shape | undefined {
  if (data instanceof Tensor) return data.shape.slice(1);
  if (isTyped(data) || !Array.isArray(data) || isFlat(data)) return undefined;
  return shapeOf(data).slice(1);
}

type Shapes = { sampleShape?: Shape; targetShape?: Shape };

function arrayRows(x: ArrayData, y: ArrayData, given: Shapes, options: RawOptions): RawSplit {
  const { who, name } = options;
  const sampleShape = given.sampleShape ?? ownShape(x);
  if (sampleShape === undefined) {
    const expected = `sampleShape beside x of ${name}`;
    throw new ArgumentError({
      who,
      expected,
      got: `${described(x)} alone`,
      hint: 'values one after the other have no shape',
    });
  }
  const samples = rowsOf(who, `x of ${name}`, x, sampleShape);
  const targetShape = given.targetShape ?? ownShape(y) ?? [];
  const targets = rowsOf(who, `y of ${name}`, y, targetShape);
  if (samples.count !== targets.count) {
    const expected = `as many targets as samples in ${name} (${samples.count})`;
    throw new ShapeError({ who, expected, got: `${targets.count}` });
  }
  const length = counted(options, samples.count);
  return inMemory(name, length, sampleShape, targetShape, { x: samples.values, y: targets.values });
}

function inMemory(name: SplitName, length: number, sampleShape: Shape, targetShape: Shape, all: Row): RawSplit {
  const [width, height] = [sizeOf(sampleShape), sizeOf(targetShape)];
  const memory = { x: all.x.subarray(0, length * width), y: all.y.subarray(0, length * height) };
  return {
    ...{ name, length, sampleShape, targetShape, memory },
    row: (i) => ({
      x: memory.x.subarray(i * width, (i + 1) * width),
      y: memory.y.subarray(i * height, (i + 1) * height),
    }),
  };
}

/** The samples `chosen` of a split in memory, in that order, as a split of another name. */
export function picked({ sampleShape, targetShape, memory }: RawSplit, name: SplitName, chosen: Uint32Array): RawSplit {
  const take = (values: Values, width: number): Values => {
    const Kind = values instanceof Uint8Array ? Uint8Array : Float32Array;
    const taken = new Kind(chosen.length * width);
    chosen.forEach((from, to) => void taken.set(values.subarray(from * width, (from + 1) * width), to * width));
    return taken;
  };
  const all = { x: take(memory!.x, sizeOf(sampleShape)), y: take(memory!.y, sizeOf(targetShape)) };
  return inMemory(name, chosen.length, sampleShape, targetShape, all);
}

/** The first samples of a split in memory. Throws ArgumentError for more than there are. */
export function firstOf(split: RawSplit, { who, samples }: Pick<RawOptions, 'who' | 'samples'>): RawSplit {
  const { name, sampleShape, targetShape, memory } = split;
  const length = counted({ who, name, samples, lazy: false }, split.length);
  return length === split.length ? split : inMemory(name, length, sampleShape, targetShape, memory!);
}

/** The values of one item of this shape, finite ones. `what` names it in messages. */
function valuesOf(who: string, what: string, item: NumberArray | Nested | number, shape: Shape): Values {
  if (typeof item !== 'number' && !Array.isArray(item) && !isTyped(item)) {
    throw new DataError({ who, expected: `${what} to be numbers`, got: described(item) });
  }
  const list = typeof item === 'number' ? [item] : item;
  const flat = Array.isArray(list) && (isFlat(list) || list.length === 0);
  const stored = isTyped(list) ? storable(who, what, list) : valuesIn(who, what, list, flat ? [list.length] : shape);
  const values = stored instanceof Int32Array ? new Float32Array(stored) : stored;
  if (values.length !== sizeOf(shape)) {
    const expected = `${what} to hold ${sizeOf(shape)} values, ${show([...shape])}`;
    throw new DataError({ who, expected, got: `${values.length}` });
  }
  const bad = values instanceof Uint8Array ? -1 : values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return values;
  throw new DataError({ who, expected: `${what} without NaN and Infinity`, got: `${values[bad]}` });
}

const shapeOfTarget = (y: OwnSample['y']): Shape =>
  typeof y === 'number' ? [] : isTyped(y) ? [y.length] : Array.isArray(y) ? shapeOf(y) : [];

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (value as { then?: unknown } | null)?.then === 'function';

/** Samples between two looks at the clock of others. */
const atOnce = 256;

async function readerRows(split: ReaderSplit, options: RawOptions): Promise<RawSplit> {
  const { who, name, lazy, signal, onProgress } = options;
  const { sampleShape } = split;
  const length = counted(options, split.length);
  const given = split.sample(0);
  const first = await given;
  expectSample(who, name, 0, first);
  const targetShape = shapeOfTarget(first.y);
  const rowOf = (index: number, sample: OwnSample): Row => {
    expectSample(who, name, index, sample);
    const own = shapeOfTarget(sample.y);
    if (!sameShape(own, targetShape)) {
      const expected = `y of ${name} sample ${index} to have the shape ${show([...targetShape])} of sample 0`;
      throw new DataError({ who, expected, got: show([...own]) });
    }
    const x = valuesOf(who, `x of ${name} sample ${index}`, sample.x, sampleShape);
    return { x, y: valuesOf(who, `y of ${name} sample ${index}`, sample.y, targetShape) };
  };
  if (lazy && !isPromise(given)) {
    const row = (index: number) => rowOf(index, split.sample(index) as OwnSample);
    return { name, length, sampleShape, targetShape, memory: undefined, row };
  }
  const start = rowOf(0, first);
  const width = sizeOf(sampleShape);
  const memory = blockFor(who, start, length, width, sizeOf(targetShape));
  for (let i = 0; i < length; i++) {
    const sample = i === 0 ? first : split.sample(i);
    const { x, y } = rowOf(i, isPromise(sample) ? await sample : sample);
    if (memory.x instanceof Uint8Array && !(x instanceof Uint8Array)) {
      const expected = `x of ${name} sample ${i} as bytes, as that of sample 0`;
      throw new DtypeError({ who, expected, got: 'numbers of another kind' });
    }
    memory.x.set(x, i * width);
    memory.y.set(y, i * y.length);
    if ((i + 1) % atOnce !== 0 && i + 1 < length) continue;
    onProgress?.({ split: name, phase: 'preparing', done: i + 1, total: length });
    await setImmediate();
    signal?.throwIfAborted();
  }
  return inMemory(name, length, sampleShape, targetShape, memory);
}

function expectSample(who: string, name: string, index: number, sample: OwnSample): void {
  if (typeof sample === 'object' && sample !== null && 'x' in sample && 'y' in sample) return;
  throw new DataError({ who, expected: `${name} sample ${index} to be { x, y }`, got: show(sample) });
}

/** Memory for all samples, bytes where the first one is of bytes. Throws DataError for more than the machine has. */
function blockFor(who: string, first: Row, length: number, width: number, height: number): Row {
  const bytes = length * (width * first.x.BYTES_PER_ELEMENT + 4 * height);
  const hint = 'with a digest of your own they are read when a step needs them';
  if (bytes > machineMemory) {
    const expected = `samples that fit into the ${bytesText(machineMemory)} of this machine`;
    throw new DataError({ who, expected, got: `${length}, ${bytesText(bytes)}`, hint });
  }
  const make = (Kind: Uint8ArrayConstructor | Float32ArrayConstructor, size: number) => {
    try {
      return new Kind(size);
    } catch (cause) {
      const expected = 'samples that one array can hold';
      throw new DataError({ who, expected, got: `${length}, ${bytesText(bytes)}`, hint }, { cause });
    }
  };
  const Kind = first.x instanceof Uint8Array ? Uint8Array : Float32Array;
  return { x: make(Kind, length * width), y: make(Float32Array, length * height) };
}
