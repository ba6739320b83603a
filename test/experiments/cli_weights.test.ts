// `samebits weights`: the listings of the paper, what is listed, and what is refused.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StoredTensor, weightsPath, writeSafetensors } from '../../lib/runs/index.js';
import { resultIn, samebits } from '../support/cli.js';

/** Weights of the paper's ConvNet on its second machine (listing 5). */
const kernel = [
  [-0.02197945, -0.11502645, -0.06399402],
  [0.06629982, 0.07693411, -0.07907421],
  [-0.08929715, 0.07290921, -0.10029382],
];
const dense = [
  -0.13660763, 0.08144909, 0.0058543, -0.02693423, 0.02785763, 0.16917986, -0.00647367, -0.00365615, -0.01310152,
  0.04297437, 0.00301503, 0.01947881, -0.09520608, -0.05354575, -0.06465469, 0.01503169, -0.06535202, -0.06438911,
  0.07274752, -0.01518494, -0.04213503, 0.0165184, -0.04465574, -0.003416, -0.09923518, -0.00701612, -0.05580736,
  0.06382342, 0.07347441, -0.06864858, -0.05487159, -0.01903648,
];

const listing = {
  kernel: `In : weights[0][:,:,0,0]
Out: <samebits.Tensor 'conv2d/kernel': shape=(3, 3), dtype=float32, numpy=
array([[-0.02197945, -0.11502645, -0.06399402],
       [ 0.06629982,  0.07693411, -0.07907421],
       [-0.08929715,  0.07290921, -0.10029382]], dtype=float32)>
`,
  dense: `In : weights[2][:32,0]
Out: <samebits.Tensor 'dense/kernel': shape=(32,), dtype=float32, numpy=
array([-0.13660763,  0.08144909,  0.0058543 , -0.02693423,  0.02785763,
        0.16917986, -0.00647367, -0.00365615, -0.01310152,  0.04297437,
        0.00301503,  0.01947881, -0.09520608, -0.05354575, -0.06465469,
        0.01503169, -0.06535202, -0.06438911,  0.07274752, -0.01518494,
       -0.04213503,  0.0165184 , -0.04465574, -0.003416  , -0.09923518,
       -0.00701612, -0.05580736,  0.06382342,  0.07347441, -0.06864858,
       -0.05487159, -0.01903648], dtype=float32)>
`,
};

let folder: string;
let run: string;

function tensors(scale: number): StoredTensor[] {
  const conv = Float32Array.from({ length: 3 * 3 * 3 * 32 }, (_, i) => (i + 1) * scale);
  for (const [row, values] of kernel.entries()) {
    for (const [column, value] of values.entries()) conv[(row * 3 + column) * 3 * 32] = scale * value;
  }
  const last = Float32Array.from({ length: 3200 }, (_, i) => scale * (dense[i] ?? i));
  return [
    { name: 'conv2d/kernel', dtype: 'float32', shape: [3, 3, 3, 32], data: conv },
    { name: 'conv2d/bias', dtype: 'float32', shape: [2], data: Float32Array.of(Number.NaN, -0) },
    { name: 'dense/kernel', dtype: 'float32', shape: [3200, 1], data: last },
    { name: 'steps', dtype: 'int32', shape: [], data: Int32Array.of(-7) },
  ];
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samebits-weights-'));
  run = join(folder, 'run');
  mkdirSync(join(run, 'weights'), { recursive: true });
  for (const epoch of [1, 2, 10]) {
    writeSafetensors(weightsPath(run, epoch), { tensors: tensors(epoch === 10 ? 1 : 0.5), metadata: {} });
  }
  writeFileSync(join(folder, 'torn.safetensors'), 'torn');
});
afterAll(() => rmSync(folder, { recursive: true }));

const weights = (...args: string[]) => samebits(['weights', ...args]);
const printed = (stdout: string) => ({ code: 0, stdout, stderr: '' });

describe('weights', () => {
  it('prints a slice as listing 5 of the paper does, after the last epoch of a run', () => {
    expect(weights(run, '--tensor', '0', '--slice', ':,:,0,0')).toEqual(printed(listing.kernel));
    expect(weights(run, '--tensor', '-2', '--slice', ':32,0')).toEqual(printed(listing.dense));
  });

  it('takes a name for the number, and a file for the run; another epoch has other weights', () => {
    const args = ['--tensor', 'conv2d/kernel', '--slice', ':,:,0,0'];
    expect(weights(weightsPath(run, 10), ...args)).toEqual(printed(listing.kernel));
    const early = weights(weightsPath(run, 2), ...args);
    expect(early.code).toBe(0);
    expect(early.stdout).not.toBe(listing.kernel);
  });

  it('prints a whole tensor without a slice, shortened where it is long, and single values', () => {
    expect(weights(run, '--tensor', 'dense/kernel').stdout.split('\n')).toHaveLength(10);
    expect(weights(run, '--tensor', '1').stdout).toContain(
      "'conv2d/bias': shape=(2,), dtype=float32, numpy=\narray([nan, -0.]",
    );
    expect(weights(run, '--tensor', 'steps').stdout).toContain(
      'shape=(), dtype=int32, numpy=\narray(-7, dtype=int32)>',
    );
  });

  it('lists the tensors without one', () => {
    expect(weights(run)).toEqual(
      printed(`0  conv2d/kernel  float32  (3, 3, 3, 32)
1  conv2d/bias    float32  (2,)
2  dense/kernel   float32  (3200, 1)
3  steps          int32  ()
`),
    );
    const { file, tensors: table } = JSON.parse(weights(run, '--json').stdout);
    expect(file).toBe(weightsPath(run, 10));
    expect(table[2]).toEqual({ number: 2, name: 'dense/kernel', shape: [3200, 1], dtype: 'float32' });
  });

  it('prints one JSON object with values and bits', () => {
    const { code, stdout } = weights(run, '--tensor', '1', '--slice', '::-1', '--json');
    expect(code).toBe(0);
    expect(resultIn(stdout)).toEqual({
      file: weightsPath(run, 10),
      number: 1,
      name: 'conv2d/bias',
      slice: '::-1',
      dtype: 'float32',
      shape: [2],
      values: [0, null],
      bits: ['80000000', '7fc00000'],
    });
  });
});

describe('bad use of weights', () => {
  const slice = (text: string) => ['RUN', '--tensor', '0', '--slice', text];
  const cases: [string[], number, string][] = [
    [[], 2, 'weights: expected a run folder or a file of weights, got none'],
    [['RUN', 'more'], 2, 'weights: expected 1 beside the options, got 2'],
    [
      ['FOLDER/nowhere'],
      2,
      "weights: expected a run folder or a file of weights, got 'FOLDER/nowhere'; there is no such file or folder",
    ],
    [['FOLDER'], 1, "weights: expected a run folder with weights/epoch-*.safetensors, got 'FOLDER'"],
    [['FOLDER/torn.safetensors'], 1, "safetensors: expected a whole file 'FOLDER/torn.safetensors', got 4 bytes"],
    [['RUN', '--slice', '0'], 2, '--tensor: expected a value beside --slice, got none'],
    [['RUN', '--tensor'], 2, '--tensor: expected a value, got none'],
    ...['4', '-5', 'conv2d', ''].map(
      (text) =>
        [
          ['RUN', '--tensor', text],
          2,
          `--tensor: expected a number from -4 to 3 or the name of a tensor, got '${text}'; without --tensor all are listed`,
        ] as [string[], number, string],
    ),
    [slice('3'), 2, "--slice: expected an index from -3 to 2 on axis 0 of [3, 3, 3, 32], got '3'"],
    [slice(':,:,:,-33'), 2, "--slice: expected an index from -32 to 31 on axis 3 of [3, 3, 3, 32], got '-33'"],
    [slice('0,0,0,:33'), 2, "--slice: expected bounds from -32 to 32 on axis 3 of [3, 3, 3, 32], got ':33'"],
    [slice('2:1'), 2, "--slice: expected a slice of one value or more, got '2:1'"],
    [slice('::0'), 2, "--slice: expected a step other than 0, got '::0'"],
    [slice('0,0,0,0,0'), 2, "--slice: expected at most 4 indices for the shape [3, 3, 3, 32], got '0,0,0,0,0'"],
    ...['', 'a', '0,,0', '1:2:3:4', '...,0,...', '1.5', '[0]'].map(
      (text) =>
        [slice(text), 2, `--slice: expected numpy's indices such as ':,:,0,0', got '${text}'`] as [
          string[],
          number,
          string,
        ],
    ),
  ];

  it.each(cases)('%j ends with %i', (args, exit, expected) => {
    const filled = args.map((arg) => arg.replace('RUN', run).replace('FOLDER', folder));
    const { code, stdout, stderr } = weights(...filled);
    expect(stderr).toBe(`samebits: ${expected.replaceAll('FOLDER', folder)}\n`);
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
  });
});
