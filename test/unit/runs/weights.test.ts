// Weights are found by name: in any order, also as other writers sort them; what is missing, too many, of another shape or
// there twice is refused by name, and nothing is changed then.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createRuntime,
  layers,
  type Model,
  type StoredTensor,
  sequential,
  weightsHash,
  writeSafetensors,
} from '../../../lib/index.js';
import { encodeSafetensors, loadWeights, restoreState, stateOf, weightsOf } from '../../../lib/runs/index.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-weights-'));
const path = join(folder, 'weights.safetensors');
const runtime = createRuntime({ threads: 1 });
const nets: Model[] = [];

/** A network of two layers with weights of this seed. */
function net(seed: number): Model {
  const row = [
    layers.input({ shape: [3] }),
    layers.dense({ units: 4, name: 'b' }),
    layers.dense({ units: 1, name: 'a' }),
  ];
  const made = sequential(row, { name: 'net' }).compile({ runtime, loss: 'binaryCrossentropy', seed });
  nets.push(made);
  return made;
}

let source: Model;
let target: Model;
beforeAll(() => {
  source = net(1);
  target = net(2);
});
afterAll(() => {
  for (const made of nets) made.dispose();
  runtime.dispose();
  rmSync(folder, { recursive: true });
});

const shuffled = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length });

describe('weights in another order', () => {
  it('than the model has them are loaded by name', () => {
    const whole = weightsOf(source);
    fc.assert(
      fc.property(shuffled(whole), (tensors) => {
        const other = net(3);
        writeSafetensors(path, { tensors, metadata: {} });
        loadWeights(other, path);
        expect(weightsHash(other)).toBe(weightsHash(source));
      }),
      { numRuns: 20, seed: 15 },
    );
  });

  it('sorted by name, as other writers do, and with what the optimizer remembers', () => {
    const state = stateOf(source);
    const sorted = [...state].sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(sorted.map(({ name }) => name)).not.toEqual(state.map(({ name }) => name));
    const other = net(4);
    restoreState(other, sorted, 'sorted');
    expect(weightsHash(other)).toBe(weightsHash(source));
  });
});

describe('refused by name, with nothing changed,', () => {
  const form = "'b/kernel' float32 [3, 4]";
  const cases: [string, (tensors: StoredTensor[]) => StoredTensor[], string][] = [
    [
      'is a tensor that is not there',
      ([, ...rest]) => rest,
      `weights: expected ${form} in 'PATH', got none of that name`,
    ],
    [
      'is one of another shape',
      ([first, ...rest]) => [{ ...first!, shape: [4, 3] }, ...rest],
      `weights: expected ${form} in 'PATH', got 'b/kernel' float32 [4, 3]`,
    ],
    [
      'is one too many',
      (all) => [...all, { ...all[1]!, name: 'c/bias' }],
      "weights: expected only the 4 tensors of the model in 'PATH', got 'c/bias' float32 [4]",
    ],
  ];
  it.each(cases)('%s', (_what, change, message) => {
    const before = weightsHash(target);
    writeSafetensors(path, { tensors: change(weightsOf(source)), metadata: {} });
    expect(() => loadWeights(target, path)).toThrow(message.replace('PATH', path));
    expect(weightsHash(target)).toBe(before);
  });

  it('is a name that is there twice', () => {
    const tensors = weightsOf(source);
    const before = weightsHash(target);
    expect(() => restoreState(target, [...tensors, tensors[0]!], 'twice')).toThrow(
      "weights: expected tensors of different names in 'twice', got two called 'b/kernel'",
    );
    // In a file: the header says the same name twice, as JSON allows.
    const bytes = Buffer.from(encodeSafetensors({ tensors, metadata: {} }));
    const renamed = Buffer.from(bytes.toString('latin1').replace('"a/bias"', '"b/bias"'), 'latin1');
    writeFileSync(path, renamed);
    expect(() => loadWeights(target, path)).toThrow(
      `safetensors: expected a whole file '${path}', got 'b/bias' twice in its header`,
    );
    expect(weightsHash(target)).toBe(before);
  });
});
