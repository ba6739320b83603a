// Data of one's own: every container gives the same samples and the same digest, kinds of targets are told apart, and what
// does not fit is refused in whole sentences.

import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, type DataDefinition, type Dataset, defineData, tensor } from '../../../lib/index.js';
import { openData } from '../../../lib/tasks/index.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

/** An error with just this message. */
const saying = (message: string) => expect.objectContaining({ message });

const open = async (data: DataDefinition, more: { samples?: number } = {}): Promise<Dataset> =>
  (await openData({ data: defineData(data), ...more }, { who: 'train' })).dataset;

/** Three samples of [2, 2, 1], values from 0 to 11. */
const flat = Uint8Array.from({ length: 12 }, (_, i) => i);
const nested = [0, 1, 2].map((n) => [0, 1].map((h) => [0, 1].map((w) => [4 * n + 2 * h + w])));
const labels = [1, 0, 2];
const sampleShape = [2, 2, 1];
const sample = (i: number) => ({ x: flat.subarray(4 * i, 4 * i + 4), y: labels[i]! });

/** The digest as docs/contract.md states it, from values and targets. */
function digestOf(kind: string, shape: number[], classNames: string[], train: [unknown, Float32Array][]): string {
  const lines: unknown[] = [{ samebits: 'samples', sampleShape, targets: { kind, shape }, classNames }];
  const sha = (values: Float32Array) => createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex');
  lines.push(['train', train.length]);
  for (const [target, x] of train) lines.push([target instanceof Float32Array ? sha(target) : target, sha(x)]);
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

const rows = [0, 1, 2].map((i) => Float32Array.from(flat.subarray(4 * i, 4 * i + 4)));
const digest = digestOf(
  'class',
  [],
  ['0', '1', '2'],
  rows.map((x, i) => [labels[i], x]),
);

describe('one set of samples', () => {
  const oneHot = labels.map((label) => [0, 1, 2].map((k) => +(k === label)));
  it.each<[string, () => DataDefinition]>([
    ['bytes one after the other', () => ({ train: { x: flat, y: labels, sampleShape } })],
    [
      'floats one after the other',
      () => ({ train: { x: Float64Array.from(flat), y: Int32Array.from(labels), sampleShape } }),
    ],
    ['lists in lists', () => ({ train: { x: nested, y: labels } })],
    ['a list of typed arrays', () => ({ train: { x: rows, y: labels, sampleShape } })],
    ['tensors', () => ({ train: { x: tensor(runtime, nested), y: tensor(runtime, labels) } })],
    ['one-hot rows', () => ({ train: { x: nested, y: oneHot } })],
    ['labels in rows of one', () => ({ train: { x: nested, y: labels.map((label) => [label]) } })],
    ['a reader', () => ({ train: { length: 3, sampleShape, sample } })],
    [
      'a reader of lists',
      () => ({ train: { length: 3, sampleShape, sample: (i) => ({ x: nested[i]!, y: oneHot[i]! }) } }),
    ],
    ['a reader with promises', () => ({ train: { length: 3, sampleShape, sample: async (i) => sample(i) } })],
    ['a function', () => ({ train: () => ({ x: nested, y: labels }) })],
    ['a function with a promise', () => ({ train: async () => ({ length: 3, sampleShape, sample }) })],
  ])('as %s has one form, one digest and one order', async (_what, data) => {
    const opened = await open(data());
    expect(opened.digest).toBe(digest);
    expect(opened.classNames).toEqual(['0', '1', '2']);
    const { sampleShape: shape, targets, length, labels: own } = opened.train;
    expect([shape, targets, length]).toEqual([sampleShape, { kind: 'class', shape: [], classes: 3 }, 3]);
    expect([...own!]).toEqual(labels);
    const { x, y } = opened.train.read([2, 0]);
    expect([Array.from(x), Array.from(y)]).toEqual([
      [8, 9, 10, 11, 0, 1, 2, 3],
      [2, 1],
    ]);
    expect(opened.description).toEqual({
      sampleShape,
      targets: { kind: 'class', shape: [], classes: 3 },
      digest,
      splits: [{ name: 'train', samples: 3, classes: ['0', '1', '2'].map((name) => ({ name, samples: 1 })) }],
      leftOut: [],
      damaged: [],
    });
  });

  it('has another digest for one other value, label, name or split', async () => {
    const x = Float32Array.from(flat);
    x[11] = 11.000001;
    const others: DataDefinition[] = [
      { train: { x, y: labels, sampleShape } },
      { train: { x: flat, y: [1, 0, 1], sampleShape }, classNames: ['0', '1', '2'] },
      { train: { x: flat, y: labels, sampleShape }, classNames: ['a', 'b', 'c'] },
      { train: { x: flat, y: labels, sampleShape }, validation: { x: flat, y: labels, sampleShape } },
      { train: { x: flat, y: labels, sampleShape: [4, 1, 1] } },
    ];
    const digests = await Promise.all(others.map(async (one) => (await open(one)).digest));
    expect(new Set([digest, ...digests]).size).toBe(others.length + 1);
  });
});

describe('targets', () => {
  const x = nested;
  it.each<[string, Pick<DataDefinition, 'targets'>, number[] | number[][] | number[][][], object, string[], unknown[]]>(
    [
      [
        'rows of 0 and 1 are several',
        {},
        [
          [1, 1],
          [0, 0],
          [1, 0],
        ],
        { kind: 'several', shape: [2], classes: 2 },
        ['0', '1'],
        [1, 1, 0, 0, 1, 0],
      ],
      [
        'other rows are values',
        {},
        [
          [0.5, 2],
          [-1, 0],
          [0, 1],
        ],
        { kind: 'value', shape: [2], classes: 0 },
        [],
        [0.5, 2, -1, 0, 0, 1],
      ],
      [
        'numbers are values where that is said',
        { targets: 'value' },
        [1, 0, 2],
        { kind: 'value', shape: [1], classes: 0 },
        [],
        [1, 0, 2],
      ],
      [
        'one-hot rows are several where that is said',
        { targets: 'several' },
        [
          [0, 1],
          [1, 0],
          [1, 0],
        ],
        { kind: 'several', shape: [2], classes: 2 },
        ['0', '1'],
        [0, 1, 1, 0, 1, 0],
      ],
      [
        'two axes are values',
        {},
        [[[1, 0]], [[0, 1]], [[1, 1]]],
        { kind: 'value', shape: [1, 2], classes: 0 },
        [],
        [1, 0, 0, 1, 1, 1],
      ],
      [
        'two axes are a mask where that is said',
        { targets: 'mask' },
        [[[2, 0]], [[0, 1]], [[1, 1]]],
        { kind: 'mask', shape: [1, 2], classes: 3 },
        ['0', '1', '2'],
        [2, 0, 0, 1, 1, 1],
      ],
    ],
  )('%s', async (_what, asked, y, targets, classNames, values) => {
    const opened = await open({ train: { x, y }, ...asked });
    expect(opened.train.targets).toEqual(targets);
    expect(opened.classNames).toEqual(classNames);
    expect(Array.from(opened.train.read([0, 1, 2]).y)).toEqual(values);
    const { kind, shape } = opened.train.targets;
    const size = values.length / 3;
    const target = (i: number) => Float32Array.from(values.slice(i * size, (i + 1) * size) as number[]);
    const lines = rows.map((row, i): [unknown, Float32Array] => [target(i), row]);
    expect(opened.digest).toBe(digestOf(kind, [...shape], classNames, lines));
  });
});

describe('samples of settings', () => {
  it('are the first ones, of which alone a reader is asked', async () => {
    const asked: number[] = [];
    const read = (i: number) => {
      asked.push(i);
      return sample(i);
    };
    const opened = await open({ train: { length: 3, sampleShape, sample: read } }, { samples: 2 });
    expect([...opened.train.labels!]).toEqual([1, 0]);
    expect([...new Set(asked)]).toEqual([0, 1]);
    await expect(open({ train: { x: nested, y: labels } }, { samples: 4 })).rejects.toThrow(
      saying('train: expected samples to be at most the 3 of train, got 4'),
    );
  });
});

describe('a digest of one’s own', () => {
  const given = `sha256:${'5a'.repeat(32)}`;

  it('leaves samples where they are until they are read, and is taken as it is', async () => {
    const asked: number[] = [];
    const read = (i: number) => {
      asked.push(i);
      return sample(i);
    };
    const classNames = ['a', 'b', 'c'];
    const opened = await open({ train: { length: 3, sampleShape, sample: read }, classNames, digest: given });
    expect(opened.digest).toBe(given);
    expect(asked).toEqual([0]);
    expect(Array.from(opened.train.read([2, 1]).y)).toEqual([2, 0]);
    expect(asked).toEqual([0, 2, 1]);
    const bad = { length: 3, sampleShape, sample: (i: number) => ({ ...sample(i), y: i }) };
    const late = await open({ train: bad, classNames: ['a', 'b'], digest: given });
    expect(() => late.train.read([2])).toThrow(
      saying('train: expected labels below 2, one for each of classNames, got 2 in train sample 2'),
    );
  });

  it('needs the names of classes', async () => {
    await expect(open({ train: { length: 3, sampleShape, sample }, digest: given })).rejects.toThrow(
      saying('train: expected classNames beside a digest of your own, got none'),
    );
  });
});

describe('data are refused', () => {
  const split = (y: unknown) => ({ x: nested, y }) as never;
  it.each<[string, () => unknown, string]>([
    [
      'without a split',
      () => ({}),
      'defineData: expected train to be { x, y } or { length, sampleShape, sample }, got undefined',
    ],
    [
      'with another member',
      () => ({ train: split(labels), more: 1 }),
      "defineData: expected options train, validation, test, classNames, targets, digest, got 'more'",
    ],
    [
      'without targets',
      () => ({ train: { x: nested } }),
      'defineData: expected train to be { x, y } or { length, sampleShape, sample }, got no y; for an autoencoder it is x itself',
    ],
    [
      'without a length',
      () => ({ train: { sampleShape, sample } }),
      'defineData: expected length of train to be an integer >= 1, got undefined',
    ],
    [
      'with samples of no axis',
      () => ({ train: { length: 3, sampleShape: [], sample } }),
      'defineData: expected sampleShape of train to have axes of 1 or more, got []',
    ],
    [
      'with one class name',
      () => ({ train: split(labels), classNames: ['a'] }),
      "defineData: expected classNames to be two or more different words, got ['a']",
    ],
    [
      'with another kind',
      () => ({ train: split(labels), targets: 'label' }),
      "defineData: expected targets to be one of 'class', 'several', 'value', 'mask', got 'label'",
    ],
    [
      'with a digest of another form',
      () => ({ train: split(labels), digest: 'v1' }),
      "defineData: expected digest to be 'sha256:' and 64 hex digits, got 'v1'",
    ],
  ])('%s', (_what, data, message) => {
    expect(() => defineData(data() as DataDefinition)).toThrow(saying(message));
  });

  it.each<[string, DataDefinition, string]>([
    [
      'values without a shape',
      { train: { x: flat, y: labels } },
      'train: expected sampleShape beside x of train, got Uint8Array alone; values one after the other have no shape',
    ],
    ['fewer targets', { train: split([0, 1]) }, 'train: expected as many targets as samples in train (3), got 2'],
    [
      'half a class',
      { train: split([0, 1, 0.5]) },
      "train: expected targets to be an integer >= 0 or a row with a single 1, got 0.5 in train sample 2; targets: 'value' makes them numbers of any meaning",
    ],
    ['one class', { train: split([0, 0, 0]) }, 'train: expected targets of at least two classes, got only class 0'],
    [
      'a class without a name',
      { train: split(labels), classNames: ['a', 'b'] },
      'train: expected labels below 2, one for each of classNames, got 2 in train sample 2',
    ],
    [
      'names of values',
      { train: split([[0.5], [1], [2]]), targets: 'value', classNames: ['a', 'b'] },
      "train: expected no classNames beside targets of the kind 'value', got ['a', 'b']",
    ],
    [
      'a mask without places',
      { train: split(labels), targets: 'mask' },
      "train: expected targets of the kind 'mask', an integer >= 0 for each place, in two axes or more, got rows []",
    ],
    [
      'other samples to judge by',
      { train: split(labels), validation: { x: [[1], [2]], y: [0, 1] } },
      'train: expected samples [2, 2, 1] in validation, as in train, got [1]',
    ],
    [
      'other targets to judge by',
      {
        train: split(labels),
        validation: {
          x: nested,
          y: [
            [0, 1, 0, 1],
            [0, 1, 0, 0],
            [1, 1, 1, 1],
          ],
        },
      },
      'train: expected targets [] in validation, as in train, got [4]',
    ],
    [
      'a sample of another size',
      { train: { length: 2, sampleShape, sample: () => ({ x: [1, 2], y: 0 }) } },
      'train: expected x of train sample 0 to hold 4 values, [2, 2, 1], got 2',
    ],
    [
      'a sample that is none',
      { train: { length: 2, sampleShape, sample: () => [1] as never } },
      'train: expected train sample 0 to be { x, y }, got [1]',
    ],
    [
      'a sample with NaN',
      { train: { length: 2, sampleShape, sample: (i) => ({ x: [0, i / i, 0, 0], y: i }) } },
      'train: expected x of train sample 0 without NaN and Infinity, got NaN',
    ],
    [
      'a target of another length',
      { train: { length: 2, sampleShape, sample: (i) => ({ x: [0, 0, 0, 0], y: i === 0 ? [1, 0] : [1, 0, 0] }) } },
      'train: expected y of train sample 1 to have the shape [2] of sample 0, got [3]',
    ],
    [
      'floats behind bytes',
      {
        train: { length: 2, sampleShape, sample: (i) => ({ x: i === 0 ? flat.subarray(0, 4) : [0.5, 0, 0, 0], y: i }) },
      },
      'train: expected x of train sample 1 as bytes, as that of sample 0, got numbers of another kind',
    ],
  ])('with %s', async (_what, data, message) => {
    await expect(open(data)).rejects.toThrow(saying(message));
  });

  it('with settings that only pictures have', async () => {
    const data = defineData({ train: split(labels) });
    const settings = {
      ...({ validation: 'more', imageSize: 180, damaged: 'skip', maxPixels: 4, dataCheck: 'contents' } as const),
    };
    for (const [name, value] of Object.entries(settings)) {
      const hint = name === 'validation' ? 'they bring their own' : 'only pictures in folders have it';
      const got = typeof value === 'string' ? `'${value}'` : value;
      await expect(openData({ data, [name]: value })).rejects.toThrow(
        saying(`openTask: expected no ${name} beside data of your own, got ${got}; ${hint}`),
      );
    }
    await expect(openData({ data, damaged: 'refuse' })).resolves.toBeDefined();
  });
});
