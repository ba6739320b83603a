// Layer, group and L2 normalization: what is refused, and their corners.

import { afterAll, describe, expect, it } from 'vitest';
import {
  createRuntime,
  gradients,
  groupNorm,
  l2Normalize,
  layerNorm,
  layers,
  type Tensor,
  tensor,
  transpose,
  zeros,
} from '../../../lib/index.js';
import { uniforms } from '../../support/inputs.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

const none = { gamma: null, beta: null };
const of = (...shape: number[]) => zeros(runtime, shape);

describe('refusals', () => {
  const cases: [string, () => unknown, string][] = [
    [
      'an axis that is not there',
      () => layerNorm(of(2, 3, 4), none, { axes: [1, 3] }),
      'layerNorm: expected different axes from -3 to 2, got [1, 3]',
    ],
    [
      'a gamma in another order of axes',
      () => layerNorm(of(2, 3, 4, 5), { gamma: of(5, 3), beta: null }, { axes: [3, 1] }),
      'layerNorm: expected gamma [3, 5], got [5, 3]',
    ],
    ['no axes', () => layerNorm(of(2, 3), none, { axes: [] }), 'layerNorm: expected one axis or more, got []'],
    ['axes without values', () => layerNorm(of(2, 0), none), 'layerNorm: expected values along axes, got [2, 0]'],
    [
      'a gamma of another shape',
      () => layerNorm(of(2, 3, 4), { gamma: of(4), beta: null }, { axes: [1, 2] }),
      'layerNorm: expected gamma [3, 4], got [4]',
    ],
    [
      'a negative epsilon',
      () => layerNorm(of(2, 3), none, { epsilon: -1 }),
      'layerNorm: expected epsilon to be a number >= 0, got -1',
    ],
    [
      'groups that do not divide',
      () => groupNorm(of(2, 3, 4), none, { groups: 3 }),
      'groupNorm: expected groups to divide 4 channels, got 3',
    ],
    [
      'no groups',
      () => groupNorm(of(2, 4), none, { groups: 0 }),
      'groupNorm: expected groups to be an integer >= 1, got 0',
    ],
    [
      'a sample without values',
      () => groupNorm(of(2, 0, 4), none, { groups: 2 }),
      'groupNorm: expected x [n, ..., c] with values in a sample, got [2, 0, 4]',
    ],
    [
      'a beta of another shape',
      () => groupNorm(of(2, 4), { gamma: null, beta: of(2) }, { groups: 2 }),
      'groupNorm: expected beta [4], got [2]',
    ],
    [
      'a wrong axis',
      () => l2Normalize(of(2, 3), { axes: [2] }),
      'l2Normalize: expected different axes from -2 to 1, got [2]',
    ],
    [
      'an epsilon of 0',
      () => l2Normalize(of(2), { epsilon: 0 }),
      'l2Normalize: expected epsilon to be a number > 1e-22, got 0',
    ],
    [
      'a layer over the batch',
      () => layers.layerNormalization({ axis: 0 }),
      'layer_normalization: expected axis to be integers other than 0, the batch, got 0',
    ],
    [
      'a layer over an axis that is not there',
      () => layers.unitNormalization({ axis: [1, 3] }).apply(layers.input({ shape: [4, 3] })),
      'unit_normalization: expected different axes among the 3 of an input, the batch being 0, got [1, 3]',
    ],
    [
      'a layer of no groups',
      () => layers.groupNormalization({ groups: 0 }),
      'group_normalization: expected groups to be an integer >= 1 or -1, got 0',
    ],
    [
      'a layer whose groups do not divide',
      () => layers.groupNormalization().apply(layers.input({ shape: [4, 3] })),
      'group_normalization: expected groups to divide 3 channels, got 32',
    ],
    [
      'a layer without channels',
      () => layers.groupNormalization().apply(layers.input({ shape: [] })),
      'group_normalization: expected input [..., c] beside the batch, got []',
    ],
  ];
  it.each(cases)('%s', (_what, run, message) => {
    expect(run).toThrow(expect.objectContaining({ message }));
  });
});

describe('corners', () => {
  it('layerNorm over other axes than the last has the bits of these axes brought to the end, forward and back', () => {
    const size = 2 * 3 * 4 * 5;
    const x = tensor(runtime, uniforms(3, 1, size), [2, 3, 4, 5]);
    const dy = tensor(runtime, uniforms(3, 2, size), [2, 3, 4, 5]);
    const [gamma, beta] = [3, 4].map((stream) => tensor(runtime, uniforms(3, stream, 15), [3, 5]));
    const all = [x, gamma!, beta!];
    const given = { gamma: gamma!, beta: beta! };
    const there = (t: Tensor) => transpose(t, { axes: [0, 2, 1, 3] });
    const apart = gradients(() => ({ loss: layerNorm(x, given, { axes: [-1, 1] }) }), all, dy);
    const moved = gradients(() => ({ loss: there(layerNorm(there(x), given, { axes: [2, 3] })) }), all, dy);
    expect(apart.value.loss.data()).toEqual(moved.value.loss.data());
    for (const [i, gradient] of apart.gradients.entries()) expect(gradient!.data()).toEqual(moved.gradients[i]!.data());
    // One place: over axis 1 of [2, 3] every column of its own.
    const small = tensor(runtime, [1, 3, 5, 5, 7, 9], [2, 3]);
    expect([...layerNorm(small, none, { axes: [0], epsilon: 0 }).data()]).toEqual([-1, -1, -1, 1, 1, 1]);
  });

  it('no samples give none, and gradients of 0', () => {
    const [gamma, beta] = [of(4), of(4)];
    const run = () => groupNorm(of(0, 3, 4), { gamma, beta }, { groups: 2 });
    expect(run().shape).toEqual([0, 3, 4]);
    const found = gradients(() => ({ loss: run() }), [gamma, beta], of(0, 3, 4)).gradients;
    expect(found.map((one) => [...one!.data()])).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
  });

  it('the gradient of gamma alone is asked for alone', () => {
    const [x, gamma] = [tensor(runtime, [1, 3], [1, 2]), of(2)];
    const run = () => layerNorm(x, { gamma, beta: null }, { epsilon: 0 });
    const [dgamma] = gradients(() => ({ loss: run() }), [gamma], tensor(runtime, [2, 5], [1, 2])).gradients;
    expect([...dgamma!.data()]).toEqual([-2, 5]);
  });

  it('a vector of zeros stays, and has a finite gradient', () => {
    const x = tensor(runtime, [0, 0, 3, 4], [2, 2]);
    expect([...l2Normalize(x).data()]).toEqual([0, 0, Math.fround(0.6), Math.fround(0.8)]);
    const [dx] = gradients(() => ({ loss: l2Normalize(x) }), [x], tensor(runtime, [1, 0, 0, 0], [2, 2])).gradients;
    expect([...dx!.data()].every(Number.isFinite)).toBe(true);
    expect(dx!.data()[0]).toBeCloseTo(1e12, -6);
  });
});
