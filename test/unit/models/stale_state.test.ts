// What a model forgets: after dispose, after another compile, and when an epoch is asked for again.

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { BatchPlan } from '../../../lib/data/index.js';
import { createRuntime, optimizers, tensor, weightsHash } from '../../../lib/index.js';
import { compileOptions, halves, small } from './small_model.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());
const compile = { ...compileOptions(runtime), optimizer: optimizers.rmsprop({ momentum: 0.5 }) };
const train = async (net: ReturnType<typeof small>) => {
  await net.fit(halves(12), { batchSize: 4, epochs: 2 });
  return weightsHash(net);
};

describe('a model that was disposed and compiled again', () => {
  it('is a new one: first weights, no steps done, nothing remembered by the optimizer', async () => {
    const net = small().compile(compile);
    const first = weightsHash(net);
    const trained = await train(net);
    net.dispose();
    expect([net.iterations, net.slots.size]).toEqual([0, 0]);
    expect(() => net.compiled).toThrow(
      'sequential: expected a compiled model, got one that is not; call compile first',
    );
    net.compile(compile);
    expect(weightsHash(net)).toBe(first);
    expect(await train(net)).toBe(trained);
  });

  it('has no weights in between', () => {
    const net = small().compile(compile);
    net.dispose();
    expect(() => net.weights[0]!.tensor).toThrow("weight 'kernel': expected a model that was given a runtime");
  });
});

describe('a model that is compiled a second time', () => {
  it('keeps its weights, and its optimizer, steps and epochs begin from nothing', async () => {
    const net = small().compile(compile);
    await train(net);
    const hash = weightsHash(net);
    expect([net.iterations, net.epochs]).toEqual([6, 2]);
    expect([...net.slots.values()].some(({ velocity }) => velocity!.data().some((value) => value !== 0))).toBe(true);
    net.compile(compile);
    expect([weightsHash(net), net.iterations, net.epochs]).toEqual([hash, 0, 0]);
    for (const slots of net.slots.values()) {
      expect(Object.keys(slots)).toEqual(['velocity', 'momentum']);
      for (const slot of Object.values(slots)) expect(slot.data().every((value) => value === 0)).toBe(true);
    }
    net.compile({ ...compile, optimizer: 'sgd', metrics: [] });
    expect([...net.slots.values()]).toEqual([{}, {}, {}, {}]);
    const data = halves(4);
    const result = net.testOnBatch(tensor(runtime, data.x, [4, 2]), tensor(runtime, data.y, [4, 1]));
    expect(result.logs).toEqual({ loss: result.loss });
  });

  it('gives the memory of the old slots back', () => {
    using own = createRuntime({ threads: 1 });
    const net = small().compile({ ...compile, runtime: own });
    const { blocks } = own.memory();
    net.compile({ ...compile, runtime: own });
    expect(own.memory().blocks).toBe(blocks);
    net.dispose();
  });
});

describe('a plan of batches, seed 81', () => {
  it('is a function of epoch and step, in whatever order they are asked for', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 8 }), fc.boolean(), fc.nat());
    const asked = fc.array(fc.tuple(fc.nat(3), fc.nat(100)), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(sizes, asked, ([length, batchSize, shuffle, seed], cursors) => {
        const options = { length, batchSize, shuffle, seed };
        const plan = new BatchPlan(options);
        for (const [epoch, wanted] of cursors) {
          const step = wanted % plan.steps;
          expect(plan.batch({ epoch, step })).toEqual(new BatchPlan(options).batch({ epoch, step }));
        }
        const whole = Array.from({ length: plan.steps }, (_, step) => [...plan.batch({ epoch: 1, step })]).flat();
        expect(whole.sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i));
      }),
      { seed: 81 },
    );
  });
});
