// What else is claimed to be as in Keras 3 or TensorFlow, against their own answers (keras_samples.py).

import { afterAll, describe, expect, it } from 'vitest';
import {
  batchNormMoving,
  batchNormStatistics,
  createRuntime,
  layers,
  type losses,
  optimizers,
  scope,
  sequential,
  sum,
  type Tensor,
  tensor,
  zeros,
} from '../../lib/index.js';
import { fans } from '../../lib/layers/initializers.js';
import { multiply } from '../../lib/ops/index.js';
import { expectClose } from '../support/bits.js';
import { samplesOf, shapeOf, valuesOf, versions } from './keras.js';

const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());

const { activation, batchNormalization, dense, input, randomRotation, randomZoom } = layers;

describe(`as in Keras ${versions.keras}`, () => {
  it.each(samplesOf('accuracy').map((sample) => [shapeOf(sample['y']).at(-1), sample] as const))(
    'accuracy of maps with %d values a place',
    async (_, { y, t, accuracy }) => {
      const shape = shapeOf(y).slice(1);
      using model = sequential([input({ shape }), activation({ activation: 'linear' })]);
      const loss = { name: 'none', compute: (prediction: Tensor) => sum(prediction) };
      model.compile({ runtime, loss, metrics: ['accuracy'] });
      const logs = await model.evaluate({ x: valuesOf(y), y: valuesOf(t) }, { batchSize: 3 });
      expect(Math.fround(logs['accuracy']!)).toBe(accuracy);
    },
  );

  it.each(samplesOf('fans').map((sample) => [sample['shape'], sample] as const))('fans of %j', (_, sample) => {
    expect(fans(sample['shape'] as unknown as number[])).toEqual({ fanIn: sample['fanIn'], fanOut: sample['fanOut'] });
  });

  it.each(samplesOf('zoom').map((sample) => [sample['factor'], sample['low']] as const))(
    'zoom by %j',
    (factor, low) => {
      const make = () => randomZoom({ heightFactor: factor as number });
      // Keras takes a number below 0 for its size and sorts a pair; here both are refused, and so is all that Keras refuses.
      const descends = Array.isArray(factor) ? factor[0] > factor[1] : (factor as number) < 0;
      if (low === 'refused' || descends)
        expect(make).toThrow(/^randomZoom: expected heightFactor to be a number from 0/);
      else expect(make).not.toThrow();
    },
  );

  it.each(samplesOf('turn').map((sample) => [sample['side'], sample['factor'], sample['y']] as const))(
    'a square of %d turned by %d reads the same pixels with nearest',
    (side, factor, y) => {
      const [n, turn] = [side as number, factor as number];
      const layer = randomRotation({ factor: [turn, turn], interpolation: 'nearest', fillMode: 'nearest' });
      const picture = tensor(
        runtime,
        Float32Array.from({ length: n * n }, (_, i) => i),
        [1, n, n, 1],
      );
      expect(layer.call([picture], { training: true, step: 0, seed: 0 }).data()).toEqual(valuesOf(y));
    },
  );
});

describe('one step of training as in Keras', () => {
  const made: Record<string, () => layers.Layer> = {
    'dense on three axes': () => dense({ units: 3 }),
    'dense on four axes with relu': () => dense({ units: 2, activation: 'relu' }),
    'batch_norm of one value a channel': () => batchNormalization(),
    'batch_norm of one pixel': () => batchNormalization(),
    'batch_norm of several': () => batchNormalization(),
  };

  it.each(samplesOf('trained').map((sample) => [sample['name'] as string, sample] as const))('%s', (name, sample) => {
    const { x, dy, shapes, before, after, predictions } = sample;
    const shape = shapeOf(x);
    using model = sequential([input({ shape: shape.slice(1) }), made[name]!()]);
    const loss: losses.Loss = { name: 'dy', compute: (prediction, target) => sum(multiply(prediction, target)) };
    model.compile({ runtime, loss, optimizer: optimizers.sgd({ learningRate: 1 }) });
    expect(model.weights.map((weight) => [...weight.shape])).toEqual(shapes);
    const [given, wanted] = [valuesOf(before), valuesOf(after)];
    let first = 0;
    const parts = model.weights.map((weight) => {
      const part = [first, first + weight.size] as const;
      first += weight.size;
      weight.tensor.write(given.slice(...part));
      return { weight, part };
    });
    const batch = tensor(runtime, valuesOf(x), shape);
    expectClose('predictions', model.predictOnBatch(batch).data(), valuesOf(predictions), 2e-6);
    model.trainOnBatch(batch, tensor(runtime, valuesOf(dy), shapeOf(dy)));
    for (const { weight, part } of parts) {
      expectClose(weight.name, weight.tensor.data(), wanted.slice(...part), 2e-6);
    }
  });
});

describe(`rmsprop as in TensorFlow ${versions.tensorflow} and before`, () => {
  const rows = [...samplesOf('epsilon outside'), ...samplesOf('epsilon inside')];
  const title = ({ kind, by, momentum, centered }: (typeof rows)[number]) =>
    `${kind}${by ? ` by ${by}` : ''}, momentum ${momentum ?? 0}${centered ? ', centered' : ''}`;

  it.each(rows.map((sample) => [title(sample), sample] as const))('%s', (_, sample) => {
    const optimizer = optimizers.rmsprop({
      epsilonPlace: sample.kind === 'epsilon outside' ? 'outside' : 'inside',
      momentum: (sample['momentum'] as number | undefined) ?? 0,
      centered: sample['centered'] === 1,
    });
    const weight = tensor(runtime, valuesOf(sample['w']));
    const gradient = tensor(runtime, valuesOf(sample['g']));
    const slots = Object.fromEntries(optimizer.slots.map((name) => [name, zeros(runtime, weight.shape)]));
    for (let step = 0; step < (sample['steps'] as number); step++) optimizer.update(weight, gradient, slots);
    // Weights are about 1 and steps from 1e-5 to 6e-3, so what is compared is the way gone.
    const way = (after: Float32Array) => after.map((value, i) => value - valuesOf(sample['w'])[i]!);
    const [mine, theirs] = [way(weight.data()), way(valuesOf(sample['after']))];
    // Centered, v - a^2 is nearly lost in rounding in the first step.
    expectClose('way', mine, theirs, sample['centered'] === 1 ? 2e-3 : 5e-5);
  });

  it('would notice the other place: a gradient of 1e-6 goes another way', () => {
    const way = (epsilonPlace: 'inside' | 'outside') => {
      const weight = tensor(runtime, [0]);
      const velocity = zeros(runtime, [1]);
      optimizers.rmsprop({ epsilonPlace }).update(weight, tensor(runtime, [1e-6]), { velocity });
      return weight.data()[0]!;
    };
    expect(way('inside')).toBeCloseTo(-1e-9 / Math.sqrt(1e-13 + 1e-7), 9);
    expect(way('outside')).toBeCloseTo(-1e-9 / (Math.sqrt(1e-13) + 1e-7), 9);
  });
});

describe(`the moving variance of TensorFlow's fused kernel`, () => {
  const rows = samplesOf('unbiased variance').map((sample) => [shapeOf(sample['x']), sample] as const);

  it.each(rows)('of %j is the unbiased one, by name', (shape, { x, oldMean, oldVariance, mean, variance }) => {
    for (const movingVariance of ['unbiased', 'biased'] as const) {
      using model = sequential([
        input({ shape: shape.slice(1) }),
        batchNormalization({ movingVariance, center: false, scale: false }),
      ]);
      model.make(runtime, 0, 1);
      const [movingMean, moving] = model.weights;
      movingMean!.tensor.write(valuesOf(oldMean));
      moving!.tensor.write(valuesOf(oldVariance));
      scope(() => model.call([tensor(runtime, valuesOf(x), shape)], { training: true, step: 0, seed: 0 }));
      expectClose('mean', movingMean!.tensor.data(), valuesOf(mean), 1e-6);
      const close = () => expectClose('variance', moving!.tensor.data(), valuesOf(variance), 1e-6);
      // Of one value a channel both are 0.
      if (movingVariance === 'unbiased' || shape.slice(0, -1).every((length) => length === 1)) close();
      else expect(close).toThrow();
    }
  });

  it('is what the operations give: the mean squared distance times n / (n - 1)', () => {
    const moving = zeros(runtime, [1]);
    const { variance } = batchNormStatistics(tensor(runtime, [1, 2, 6], [3, 1]));
    batchNormMoving(moving, variance, 0, 3 / 2);
    expect(moving.data()[0]).toBeCloseTo(7, 6);
  });
});
