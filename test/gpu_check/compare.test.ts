// What scripts/gpu-check compares: steps of two trainings as they come, and digests of functions.

import { describe, expect, it } from 'vitest';
import { load } from './load.js';

const { StepComparison, fault, digestFault } = await load('compare');

const hash = (step: number, bit = '') => `sha256:${step}${bit}`;
const line = (step: number, changes: object = {}) => ({
  ...{
    step,
    steps: 3,
    loss: step / 7,
    hash: hash(step),
    weights: { 'conv2d/kernel': `k${step}`, 'dense/bias': `b${step}` },
  },
  ...changes,
});

/** The figures of two trainings; lines of one side may come long before those of the other. */
function compared(device: object[], cpu: object[], first = 2) {
  const comparison = new StepComparison();
  for (const each of cpu) comparison.take('cpu', each);
  for (const each of device) comparison.take('device', each);
  return comparison.figures(first);
}
const steps = [line(1), line(2), line(3)];
const target = { target: 'cuda/sm90/deterministic' };

describe('two trainings', () => {
  it('that are the same in every step pass, with the hash of each', () => {
    const figures = compared([...steps, target], [...steps, target]);
    expect(figures).toEqual({
      stepsOfEpoch: 3,
      stepsCompared: 3,
      stepsTheSame: 3,
      firstSteps: { count: 2, same: true },
      epoch: { same: true },
      hashes: [hash(1), hash(2), hash(3)],
      losses: [1 / 7, 2 / 7, 3 / 7],
    });
    expect(fault(figures)).toBeUndefined();
  });

  it('of which one weight differs in one step are told with the step and the weight', () => {
    const other = line(3, { hash: hash(3, 'x'), weights: { 'conv2d/kernel': 'k3', 'dense/bias': 'another' } });
    const figures = compared([line(1), line(2), other], steps);
    expect(figures).toMatchObject({ stepsTheSame: 2, firstSteps: { same: true }, epoch: { same: false } });
    expect(fault(figures)).toBe('step 3: expected sha256:3, got sha256:3x; weights that differ: dense/bias');
  });

  it('of which only the loss differs are told so, also by the sign of a zero', () => {
    const figures = compared([line(1, { loss: -0 })], [line(1, { loss: 0 })]);
    expect(fault(figures)).toBe('step 1: expected sha256:1, got sha256:1; weights that differ: none, but the loss');
  });

  it('of which one ends early do not pass', () => {
    const figures = compared(steps.slice(0, 2), steps);
    expect(figures).toMatchObject({ stepsCompared: 2, firstSteps: { same: true }, epoch: { same: false } });
    expect(fault(figures)).toBe('expected 3 steps to compare, got 2');
    expect(fault(compared([], []))).toBe('expected the steps to compare, got 0');
  });

  it('of which the first steps are wanted alone pass with those', () => {
    const figures = compared(steps.slice(0, 2), steps.slice(0, 2));
    expect(fault(figures, 2)).toBeUndefined();
    expect(fault(compared(steps.slice(0, 1), steps.slice(0, 2)), 2)).toBe('expected 2 steps to compare, got 1');
  });
});

describe('digests of functions', () => {
  const recorded = { exp: 'sha256:1', log: 'sha256:2' };
  it('pass when each is as recorded', () => {
    const rows = [
      { function: 'log', digest: 'sha256:2' },
      { function: 'exp', digest: 'sha256:1' },
    ];
    expect(digestFault(recorded, rows)).toBeUndefined();
  });
  it('are told when one differs or is missing', () => {
    expect(digestFault(recorded, [{ function: 'exp', digest: 'sha256:9' }])).toBe(
      'exp: expected sha256:1, got sha256:9; log: expected sha256:2, got none',
    );
  });
});
