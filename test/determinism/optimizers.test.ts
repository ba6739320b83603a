// Claims of every optimizer: the same bits for any thread count and instruction set, and when stopped and resumed. Control: a
// state that is not kept, and options that differ, must differ.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  createRuntime,
  layers,
  type Model,
  optimizers,
  type RuntimeOptions,
  sequential,
  weightsHash,
} from '../../lib/index.js';
import { uniforms } from '../support/inputs.js';
import { deterministicTargets } from '../support/targets.js';

const folder = mkdtempSync(path.join(tmpdir(), 'samebits-optimizers-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [samples, side] = [12, 9];
const x = uniforms(18, 1, samples * side * side * 2);
const y = Float32Array.from({ length: samples }, (_, i) => i % 2);

const rules = {
  'sgd:momentum=0.9,velocityOf=gradients,weightDecay=0.01,weightDecayForm=coupled': 'sgd:momentum=0.9',
  'rmsprop:weightDecay=0.01,clipvalue=0.001': 'rmsprop:weightDecay=0.01',
  'adam:globalClipnorm=0.05': 'adam',
  'adamw:amsgrad=true': 'adam',
  'adamax:clipnorm=0.01,epsilon=0.01': 'adamax:epsilon=0.01',
  'nadam:beta1=0.8': 'nadam',
  'adagrad:learningRate=0.1,weightDecay=0.1': 'adagrad:learningRate=0.1',
  'adadelta:learningRate=1,rho=0.5': 'adadelta:learningRate=1',
};

/** Three epochs of three steps, the last batch shorter; the hash of all weights. */
async function trained(optimizer: string, target: RuntimeOptions, run: object = {}, epochs = 3): Promise<string> {
  using runtime = createRuntime(target);
  using model: Model = sequential([
    layers.input({ shape: [side, side, 2] }),
    layers.conv2d({ filters: 5, kernelSize: 3, activation: 'relu' }),
    layers.flatten(),
    layers.dense({ units: 1, activation: 'sigmoid' }),
  ]).compile({ runtime, optimizer, loss: 'binaryCrossentropy', seed: 7 });
  await model.fit({ x, y }, { epochs, batchSize: 5, ...run });
  return weightsHash(model);
}

describe.each(Object.entries(rules))('%s', (words, other) => {
  const want = trained(words, { isa: 'scalar', threads: 1 });

  it.each(deterministicTargets)('has the same bits on $isa with 2 and 3 threads', async ({ isa }) => {
    for (const threads of [2, 3]) expect(await trained(words, { isa, threads })).toBe(await want);
  });

  it('has the same bits when it is resumed', async () => {
    const out = path.join(folder, words.split(':')[0]!);
    const target = { threads: 3 };
    await trained(words, target, { run: { out } }, 2);
    expect(await trained(words, target, { run: { resume: out } }, 3)).toBe(await want);
  });

  it(`is not ${other} (control)`, async () => {
    expect(await trained(other, { threads: 2 })).not.toBe(await want);
  });
});

it('is every optimizer', () => {
  const makers = Object.entries(optimizers).filter(([, one]) => typeof one === 'function' && 'makes' in one);
  expect(Object.keys(rules).map((words) => words.split(':')[0])).toEqual(
    expect.arrayContaining(makers.map(([name]) => name)),
  );
});
