// Grad-CAM against an independent float64 computation, and what it refuses.

import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, gradCam, layers, mapLayers, model, type Score, sequential, tensor } from '../../lib/index.js';
import { gradCam as judge } from '../reference/grad_cam.js';
import { softmax } from '../reference/softmax.js';
import { expectClose } from '../support/bits.js';
import { asValues, type Judged, pictureOf, plainNetwork, residualNetwork } from './networks.js';

const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());

/** The message a call is refused with. */
function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing refused';
}

const networks = { plain: plainNetwork, residual: residualNetwork };

/** Probabilities of all classes from logits. */
function probabilitiesOf(logits: Float64Array): Float64Array {
  if (logits.length > 1) return softmax({ shape: [logits.length], data: logits }).data;
  const p = 1 / (1 + Math.exp(-logits[0]!));
  return Float64Array.of(1 - p, p);
}

/** The number that is differentiated, in float64. */
function scoreOf(logits: Float64Array, label: number, score: Score): number {
  if (score === 'probability') return probabilitiesOf(logits)[label]!;
  if (logits.length > 1) return logits[label]!;
  return label === 1 ? logits[0]! : -logits[0]!;
}

function judged({ model: net, maps, logits }: Judged, label: number, score: Score) {
  const picture = pictureOf(net);
  const x = asValues(net, picture);
  const values = maps(x);
  const behind = logits(x);
  const heat = judge(values, (moved) => scoreOf(behind(moved), label, score));
  return { picture, heat, probabilities: probabilitiesOf(behind(values)), shape: values.shape };
}

const cases = (['plain', 'residual'] as const).flatMap((name) =>
  [1, 3].flatMap((units) =>
    (['probability', 'logit'] as const).flatMap((score) =>
      Array.from({ length: Math.max(2, units) }, (_, label) => ({ name, units, score, label })),
    ),
  ),
);

describe('gradCam', () => {
  it.each(cases)('agrees with float64: $name network, $units outputs, class $label by $score', (one) => {
    const net = networks[one.name](runtime, one.units);
    const { picture, heat, probabilities, shape } = judged(net, one.label, one.score);
    const got = gradCam(net.model, picture, { class: one.label, score: one.score });
    expect(got).toMatchObject({ layer: net.layer, class: one.label, score: one.score });
    expect([1, got.heat.height, got.heat.width]).toEqual(shape.slice(0, 3));
    expect(heat.some((value) => value > 0 && value < 1)).toBe(true);
    expectClose('heat', got.heat.values, heat, 2e-5);
    expectClose('probabilities', got.probabilities, probabilities, 1e-5);
    net.model.dispose();
  });

  it('explains another class by another map', () => {
    const { model: net } = plainNetwork(runtime, 3);
    const picture = pictureOf(net);
    const maps = [0, 1, 2].map((label) => Buffer.from(gradCam(net, picture, { class: label }).heat.values.buffer));
    expect(new Set(maps.map((bytes) => bytes.toString('hex'))).size).toBe(3);
    net.dispose();
  });

  it('takes the most probable class and its logit by default', () => {
    for (const units of [1, 3]) {
      const { model: net } = plainNetwork(runtime, units);
      const got = gradCam(net, pictureOf(net));
      expect(got.score).toBe('logit');
      expect(got.probabilities[got.class]).toBe(Math.max(...got.probabilities));
      net.dispose();
    }
  });

  it('has the probabilities that predict gives, to the bit', async () => {
    const { model: net } = residualNetwork(runtime, 3);
    const picture = pictureOf(net);
    using outputs = await net.predict(picture);
    expect(gradCam(net, picture).probabilities).toEqual(outputs.data());
    net.dispose();
  });

  it('takes the same picture as bytes, as floats and as a tensor of one', () => {
    const { model: net } = plainNetwork(runtime, 1);
    const bytes = Uint8Array.from(pictureOf(net), (value) => Math.floor((value + 1) * 127));
    using batch = tensor(runtime, Float32Array.from(bytes), [1, 15, 13, 3]);
    const all = [bytes, Float32Array.from(bytes), batch].map((picture) => gradCam(net, picture));
    expect(all[1]).toEqual(all[0]);
    expect(all[2]).toEqual(all[0]);
    net.dispose();
  });

  it('keeps the heat of a probability that rounds to 1 by its logit, and has none by the probability', () => {
    const { model: net } = plainNetwork(runtime, 1);
    net
      .namedWeights()
      .find(({ name }) => name === 'dense/bias')!
      .weight.tensor.write(Float32Array.of(90));
    const picture = pictureOf(net);
    const saturated = gradCam(net, picture, { class: 1, score: 'probability' });
    expect(saturated.probabilities).toEqual(Float32Array.of(0, 1));
    expect(saturated.peak).toBe(0);
    expect(saturated.heat.values.every((value) => value === 0)).toBe(true);
    expect(saturated.flat).toBe(true);
    expect(gradCam(net, picture, { class: 1 })).toMatchObject({ flat: false });
    expect(gradCam(net, picture, { class: 1 }).peak).toBeGreaterThan(0);
    net.dispose();
  });

  const sure = (['plain', 'residual'] as const).flatMap((name) =>
    [1, 2, 3].flatMap((units) => Array.from({ length: Math.max(2, units) }, (_, label) => ({ name, units, label }))),
  );
  it.each(sure)(
    'a class sure to the last bit has the map of one that is not: $name, $units outputs, class $label',
    (one) => {
      const { name, units, label } = one;
      // A head that is a power of two larger moves the logits and their gradients, but no bit of the map divided by its peak.
      const mapWith = (scale: number) => {
        const { model: net } = networks[name](runtime, units);
        for (const { name: weightName, weight } of net.namedWeights()) {
          if (!weightName.startsWith('dense/')) continue;
          const values = Float32Array.from(weight.tensor.data(), (value) => value * scale);
          // One output is sure of either class, whatever the picture: the bias decides.
          const pushed = weightName === 'dense/bias' && scale > 1 ? values.map((value, i) => value + push(i)) : values;
          weight.tensor.write(pushed);
        }
        const found = gradCam(net, pictureOf(net), { class: label });
        const byProbability = gradCam(net, pictureOf(net), { class: label, score: 'probability' });
        net.dispose();
        return { found, byProbability };
      };
      const push = (i: number) => (units === 1 ? (label === 1 ? 1 : -1) : i === label ? 1 : -1) * 2 ** 20;
      const [small, large] = [mapWith(1), mapWith(2 ** 10)];
      expect(large.found.probabilities[label]).toBe(1);
      expect(small.found.probabilities[label]).toBeLessThan(1);
      expect(large.byProbability).toMatchObject({ peak: 0, flat: true });
      expect(large.found.flat).toBe(false);
      expect(large.found.heat).toEqual(small.found.heat);
      expect(small.found.heat.values.some((value) => value > 0 && value < 1)).toBe(true);
    },
  );

  it('says that a score without an activation function behind it to take away is flat where it underflows', () => {
    const inputs = layers.input({ shape: [8, 8, 1] });
    const maps = layers.conv2d({ filters: 2, kernelSize: 3 }).apply(inputs);
    const p = layers.dense({ units: 1, activation: 'sigmoid' }).apply(layers.flatten().apply(maps));
    const net = model({ inputs, outputs: layers.rescaling({ scale: 1 }).apply(p) });
    net.compile({ runtime, loss: 'binaryCrossentropy' });
    const picture = new Float32Array(64).fill(1);
    expect(gradCam(net, picture, { class: 1 }).flat).toBe(false);
    net
      .namedWeights()
      .find(({ name }) => name === 'dense/bias')!
      .weight.tensor.write(Float32Array.of(90));
    expect(gradCam(net, picture, { class: 1 })).toMatchObject({ flat: true, peak: 0 });
    net.dispose();
  });

  it('leaves no tensor behind', () => {
    const { model: net } = residualNetwork(runtime, 3);
    gradCam(net, pictureOf(net));
    const before = runtime.memory().blocks;
    gradCam(net, pictureOf(net));
    expect(runtime.memory().blocks).toBe(before);
    net.dispose();
  });
});

describe('layers to explain by', () => {
  it('are those whose output is a map, by their names in weight files', () => {
    const { model: net } = plainNetwork(runtime, 1);
    expect(mapLayers(net)).toEqual(['block/conv2d', 'block/max_pooling2d', 'conv2d', 'max_pooling2d']);
    const picture = pictureOf(net);
    const sizes = mapLayers(net).map((layer) => {
      const { heat } = gradCam(net, picture, { layer, class: 1 });
      return [heat.height, heat.width];
    });
    expect(sizes).toEqual([[13, 11], [6, 5], [5, 4], [2, 2]]); // biome-ignore format: one line
    net.dispose();
  });
});

describe('what gradCam refuses', () => {
  const { model: net } = plainNetwork(runtime, 1);
  const picture = pictureOf(net);
  const listed = "'block/conv2d', 'block/max_pooling2d', 'conv2d', 'max_pooling2d'";
  const cases: [string, () => unknown, string][] = [
    [
      'an unknown layer',
      () => gradCam(net, picture, { layer: 'conv2d_9' }),
      `layer to be one of ${listed}, got 'conv2d_9'`,
    ],
    [
      'a layer without a map',
      () => gradCam(net, picture, { layer: 'dense' }),
      `layer to be one of ${listed}, got 'dense'`,
    ],
    ['an unknown class', () => gradCam(net, picture, { class: 2 }), 'class to be from 0 to 1, got 2'],
    ['no class', () => gradCam(net, picture, { class: -1 }), 'class to be an integer >= 0, got -1'],
    [
      'an unknown score',
      () => gradCam(net, picture, { score: 'loss' as Score }),
      "score to be one of 'probability', 'logit', got 'loss'",
    ],
    [
      'an unknown option',
      () => gradCam(net, picture, { klass: 1 } as object),
      "options class, layer, score, got 'klass'; did you mean class?",
    ],
    [
      'a picture with one channel',
      () => gradCam(net, picture.subarray(0, 195)),
      'a picture [15, 13, 3] of 585 values, got 195 values',
    ],
    [
      'a tensor with one channel',
      () => {
        using grey = tensor(runtime, picture.subarray(0, 195), [1, 15, 13, 1]);
        return gradCam(net, grey);
      },
      'a picture [15, 13, 3] of 585 values, got [1, 15, 13, 1]',
    ],
    [
      'a picture that is not finite',
      () => gradCam(net, picture.map((value, i) => (i === 7 ? Number.NaN : value))), // biome-ignore format: one line
      'a picture without NaN and Infinity, got NaN',
    ],
  ];

  it.each(cases)('%s', (_, call, expected) => {
    expect(refusal(call)).toBe(`gradCam: expected ${expected}`);
  });

  it('a model without a convolution, with two inputs, without classes, or with weights that diverged', () => {
    const flatNet = sequential([layers.input({ shape: [4] }), layers.dense({ units: 1, activation: 'sigmoid' })]);
    flatNet.compile({ runtime, loss: 'binaryCrossentropy' });
    expect(refusal(() => gradCam(flatNet, new Float32Array(4)))).toBe(
      'gradCam: expected a model with a convolution of more than one place, got layers without maps',
    );
    const [a, b] = [layers.input({ shape: [4, 4, 1] }), layers.input({ shape: [4, 4, 1] })];
    const two = model({ inputs: [a, b], outputs: layers.flatten().apply(layers.add().apply([a, b])), name: 'two' });
    two.compile({ runtime, loss: 'binaryCrossentropy' });
    expect(refusal(() => gradCam(two, new Float32Array(16)))).toBe(
      'gradCam: expected a model with one input, got one with 2',
    );
    const maps = sequential([layers.input({ shape: [4, 4, 1] }), layers.conv2d({ filters: 2, kernelSize: 3 })]);
    maps.compile({ runtime, loss: 'binaryCrossentropy' });
    expect(refusal(() => gradCam(maps, new Float32Array(16)))).toBe(
      'gradCam: expected a model with outputs [classes], got [2, 2, 2]',
    );
    const { model: lost } = plainNetwork(runtime, 1);
    lost.namedWeights()[0]!.weight.tensor.write(new Float32Array(108).fill(Number.NaN));
    expect(refusal(() => gradCam(lost, picture))).toBe(
      'gradCam: expected maps and gradients that are finite, got NaN; the weights of the network have diverged',
    );
    for (const made of [flatNet, two, maps, lost]) made.dispose();
  });
});
