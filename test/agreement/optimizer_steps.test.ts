// Ten steps of every optimizer against Keras 3 and PyTorch (optimizer_steps.py), with weight decay, limits of gradients and a rate
// that changes. Both round in another order than we do, so the difference is held, not the bits.

import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime } from '../../lib/index.js';
import { expectClose } from '../support/bits.js';
import { makers, optimizersCompared, stepsOf, walk } from './compared/index.js';

const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());

describe.each(['keras', 'torch'] as const)('%s', (judge) => {
  const { drawn, samples } = stepsOf(judge);
  const rows = samples.map((sample) => [sample.optimizer, JSON.stringify(sample.options), sample] as const);

  it.each(optimizersCompared(runtime, judge))('$title', ({ pairs }) => {
    for (const { label, got, theirs, tolerance } of pairs())
      expectClose(label, Float32Array.from(got), theirs, tolerance);
  });

  it.each(rows.filter(([, options]) => options !== '{"learningRate":0.1}'))(
    '%s %s is not what it is without these options',
    (_name, _options, sample) => {
      const plain = walk(runtime, makers.get(sample.optimizer)!({ learningRate: 0.1 }), drawn);
      const same = () =>
        expectClose('weights', Float32Array.from(plain[0]!), Float32Array.from(sample.weights[0]!), 2e-5);
      // A limit that no gradient reaches changes nothing; an epsilon of PyTorch's size is lost in rounding.
      if (/globalClipnorm":100|"rho":0.9,|1e-10|"epsilon":1e-8,"epsilonForm"/.test(JSON.stringify(sample.options)))
        return;
      expect(same).toThrow();
    },
  );

  it('has every optimizer', () => {
    const known = judge === 'keras' ? [...makers.keys()] : ['SGD', 'RMSprop', 'Adam', 'AdamW', 'Adagrad', 'Adadelta'];
    expect([...new Set(samples.map(({ optimizer }) => optimizer))].sort()).toEqual(known.sort());
  });
});
