// Claim: with a seeded arrival, atomic mode gives the same bits run after run and with any number of threads, and only
// the kernels that are named are joined as they arrive. Controls: other seeds, other calls and other steps must differ.

import { afterAll, describe, expect, it } from 'vitest';
import { capabilities, conv2d, createRuntime, gradients, type Runtime, scope, sum, tensor } from '../../lib/index.js';
import { streams, Words } from '../../lib/random/index.js';
import { expectSameResult } from '../support/compare.js';
import { uniforms } from '../support/inputs.js';
import { targets } from '../support/targets.js';
import { claimedCases, kSeed, runClaimed } from './claims.js';
import { longRacyValues, racyValues } from './racing.js';

const kThreads = [1, 2, 3, 7];
const cases = await claimedCases();
const atomicTargets = targets.filter(({ mode }) => mode === 'atomic');

const seeded = (threads: number, seed = 5) => createRuntime({ mode: 'atomic', threads, arrival: { seed } });

describe.each(atomicTargets)('$name, arrival seed 5', ({ isa, mode }) => {
  const runtimes = kThreads.map((threads) => createRuntime({ isa, mode, threads, arrival: { seed: 5 } }));
  afterAll(() => {
    for (const runtime of runtimes) runtime.dispose();
  });
  it.each(cases)(`$title gives the same bits twice and with 1, 2, 3 and 7 threads, seed ${kSeed}`, (claimed) => {
    const inputs = claimed.inputs();
    const results = [...runtimes, runtimes[1]!].map((runtime) => {
      runtime.beginStep(0); // as a new one begins
      return runClaimed(runtime, claimed, inputs);
    });
    for (const result of results) expectSameResult('another number of threads', result, results[0]!);
  });
});

/** Sums of the same racy values, one after another. */
function racySums(runtime: Runtime, count: number): number[] {
  return scope(() => {
    const x = tensor(runtime, longRacyValues());
    return Array.from({ length: count }, () => sum(x).item());
  });
}

describe('what a seeded arrival hangs on', () => {
  it('other seeds and other calls give other sums, the same ones the same', () => {
    const sums = [5, 6, 7, 5].map((seed) => {
      using runtime = seeded(2, seed);
      return racySums(runtime, 5);
    });
    expect(sums[3]).toEqual(sums[0]);
    expect(new Set(sums.slice(0, 3).flat()).size).toBeGreaterThan(5);
  });

  it('a step gives the sums of that step again, another step others', () => {
    using runtime = seeded(2);
    const first = [3, 4, 3].map((step) => {
      runtime.beginStep(step);
      return racySums(runtime, 4);
    });
    expect(first[2]).toEqual(first[0]);
    expect(first[1]).not.toEqual(first[0]);
  });
});

/** The order the contract's shuffle gives: sequence (seed, arrival, step), block 2^32 * call. */
function shuffled(tasks: number, { seed, step, call }: { seed: number; step: number; call: number }): number[] {
  const words = new Words({ seed, stream: streams.arrival, step });
  let taken = 0;
  const next = { next: () => words.at(2 ** 34 * call + taken++) };
  const below = (n: number) => Words.prototype.below.call(next, n);
  const order = Array.from({ length: tasks }, (_, i) => i);
  for (let last = tasks - 1; last > 0; last--) {
    const chosen = below(last + 1);
    [order[last], order[chosen]] = [order[chosen]!, order[last]!];
  }
  return order;
}

describe('the log of arrivals', () => {
  function watchedSum(runtime: Runtime) {
    return scope(() => {
      const x = tensor(runtime, racyValues());
      const y = tensor(runtime, [0], [1]);
      runtime.watchArrivals(y.native(), 0);
      runtime.run('reduce.forward', [x.reshape([1, x.size, 1]).native(), y.native()], { axes: 2, mean: 0 });
      return { log: runtime.arrivals(), y: y.item() };
    });
  }

  it('of a seeded call is the shuffle of the contract, each value the running sum, with 1 and 3 threads', () => {
    const logs = [1, 3].map((threads) => {
      using runtime = seeded(threads, 2 ** 40 + 3);
      runtime.beginStep(17);
      watchedSum(runtime);
      return watchedSum(runtime);
    });
    const [{ log, y }] = logs as [(typeof logs)[0]];
    expect(logs[1]).toEqual(logs[0]);
    expect(log.length).toBe(Math.ceil(racyValues().length / 4096));
    const order = shuffled(log.length, { seed: 2 ** 40 + 3, step: 17, call: 1 });
    expect(log.map(({ task }) => task)).toEqual(order);
    expect(order).not.toEqual([...order].sort((a, b) => a - b));
    expect(log.at(-1)!.value).toBe(y);
    expect(new Set(log.map(({ value }) => value)).size).toBeGreaterThan(log.length / 2);
  });

  it('of a real arrival names every task once', () => {
    using runtime = createRuntime({ mode: 'atomic', threads: 2 });
    const { log } = watchedSum(runtime);
    expect(log.map(({ task }) => task).sort((a, b) => a - b)).toEqual(log.map((_, i) => i));
  });
});

describe('atomic kernels in deterministic mode', () => {
  function steps(runtime: Runtime) {
    return scope(() => {
      const draw = (shape: number[], stream: number) =>
        tensor(
          runtime,
          uniforms(
            kSeed,
            stream,
            shape.reduce((a, b) => a * b),
          ).map((v) => v - 0.5),
          shape,
        );
      const [x, weight, bias] = [draw([8, 33, 33, 3], 1), draw([3, 3, 3, 16], 2), draw([16], 3)];
      const forward = () => ({ loss: sum(conv2d(x, weight, { bias })) });
      const { value, gradients: slopes } = gradients(forward, [x, weight]);
      return { loss: value.loss.item(), dx: slopes[0]!.data(), dw: slopes[1]!.data() };
    });
  }
  const run = (options: Parameters<typeof createRuntime>[0]) => {
    using runtime = createRuntime({ threads: 2, ...options });
    return steps(runtime);
  };

  it('leave every other kernel as it is, and differ themselves', () => {
    const plain = run({});
    const alone = run({ atomic: ['conv2d.weightGradient'], arrival: { seed: 1 } });
    expect(alone.loss).toBe(plain.loss);
    expect(alone.dx).toEqual(plain.dx);
    expect(alone.dw).not.toEqual(plain.dw);
    expect(run({ atomic: ['conv2d.weightGradient'], arrival: { seed: 1 } })).toEqual(alone);
    expect(run({ atomic: ['conv2d.weightGradient'], arrival: { seed: 2 } }).dw).not.toEqual(alone.dw);
    const other = run({ atomic: ['reduce.forward'], arrival: { seed: 1 } });
    expect(other.dw).toEqual(plain.dw);
  });

  it('stand in the target, in the order of the table', () => {
    using runtime = createRuntime({ isa: 'scalar', atomic: ['reduce.forward', 'conv2d.weightGradient'] });
    expect(runtime.target).toBe('cpu/scalar/deterministic+conv2d.weightGradient+reduce.forward');
    expect(capabilities().joins).toContain('batch_norm.statistics');
    expect(capabilities().joins).not.toContain('conv2d.forward');
  });
});
