// keras_convnet in training, from docs/contract.md and the table of its layers in docs/papers/leventi-peetz-oestreich-2022.md alone: first values, the random
// maps, a step, an epoch. Nothing of lib is read.

import { createHash } from 'node:crypto';
import { binaryCrossentropyFromLogits, binaryCrossentropyFromLogitsGradient } from './crossentropy.js';
import { dense, denseBiasGradient, denseInputGradient, denseWeightGradient } from './dense.js';
import { dropout } from './dropout.js';
import { sigmoid } from './elementary.js';
import { bitsOf, f32 } from './float32.js';
import { flipMaps, imageTransform, rescaling, rotationMaps, zoomMaps } from './images.js';
import { rmsprop } from './optimizers.js';
import { shuffle, uniform } from './philox.js';
import { maxPool2d, maxPool2dGradient } from './pool2d.js';
import * as conv from './valid_conv.js';

export interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly velocity: Float32Array;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Purposes of streams, and layers by number: 1 input, 2 the augmentation's input, 3 flip, ... 18 dense. */
const purposes = { initializer: 0, shuffle: 1, dropout: 2, augmentation: 3 };
const convolutions = [32, 64, 128, 256, 256].map((filters, i) => ({ filters, layer: 7 + 2 * i }));
const layerOf = { flip: 3, rotation: 4, zoom: 5, dropout: 17, dense: 18 };

/** The first values of a kernel: glorotUniform, weight 0 of its layer. */
function kernel(name: string, shape: readonly number[], layer: number, seed: bigint): Weight {
  const area = sizeOf(shape.slice(0, -2));
  const limit = Math.sqrt(6 / (area * shape.at(-2)! + area * shape.at(-1)!));
  const source = { seed, stream: purposes.initializer + 256 * layer, step: 0 };
  const values = uniform(source, sizeOf(shape), -limit, limit);
  return { name, shape, values, velocity: new Float32Array(values.length) };
}

const zeros = (name: string, size: number): Weight => ({
  name,
  shape: [size],
  values: new Float32Array(size),
  velocity: new Float32Array(size),
});

/** Side of the picture before each convolution, and last before flatten. */
function sidesOf(imageSize: number): number[] {
  const sides = [imageSize];
  for (let i = 0; i < 4; i++) sides.push(Math.floor((sides.at(-1)! - 2) / 2));
  return [...sides, sides.at(-1)! - 2];
}

export interface Batch {
  /** `[n, side, side, 3]` values 0 to 255. */
  readonly x: Float32Array;
  /** Targets 0 or 1. */
  readonly t: Float32Array;
}

export class KerasConvnet {
  readonly weights: Weight[];
  readonly #sides: readonly number[];
  readonly #seed: bigint;
  #steps = 0;

  constructor(imageSize: number, seed: number) {
    this.#seed = BigInt(seed);
    this.#sides = sidesOf(imageSize);
    const channels = [3, ...convolutions.map(({ filters }) => filters)];
    const features = this.#sides.at(-1)! ** 2 * 256;
    this.weights = [
      ...convolutions.flatMap(({ filters, layer }, i) => {
        const name = i === 0 ? 'conv2d' : `conv2d_${i}`;
        const shape = [3, 3, channels[i]!, filters];
        return [kernel(`${name}/kernel`, shape, layer, this.#seed), zeros(`${name}/bias`, filters)];
      }),
      kernel('dense/kernel', [features, 1], layerOf.dense, this.#seed),
      zeros('dense/bias', 1),
    ];
  }

  /** The pictures of a training batch through their random maps. */
  #augmented(x: Float32Array, n: number): Float32Array {
    const side = this.#sides[0]!;
    const drawOf = (layer: number) => ({
      source: { seed: 1n, stream: purposes.augmentation + 256 * layer, step: this.#steps },
      count: n,
      first: 0,
      size: [side, side] as const,
    });
    const turn = 0.1 * 2 * Math.PI;
    const maps = [
      flipMaps(drawOf(layerOf.flip), true, false),
      rotationMaps(drawOf(layerOf.rotation), [-0.1 * 2 * Math.PI, turn]),
      zoomMaps(drawOf(layerOf.zoom), [1 - 0.2, 1 + 0.2], undefined),
    ];
    const reading = { fillMode: 'reflect', interpolation: 'bilinear', fillValue: 0 } as const;
    const shape = [n, side, side, 3];
    return maps.reduce((data, map) => imageTransform({ shape, data }, map, reading).data, x);
  }

  /** The logits of a batch, and in training the update of all weights. */
  run({ x, t }: Batch, training: boolean): { loss: number; probabilities: Float32Array } {
    const n = t.length;
    const value = (i: number) => this.weights[i]!.values;
    let data = rescaling(training ? this.#augmented(x, n) : x, 1 / 255, 0);
    const passes = convolutions.map(({ filters }, i) => {
      const g = { n, side: this.#sides[i]!, window: 3, ci: i === 0 ? 3 : convolutions[i - 1]!.filters, co: filters };
      const input = data;
      const y = conv.forward(g, input, value(2 * i), value(2 * i + 1));
      const pool = i < 4 ? poolOf(n, g.side - 2, filters) : undefined;
      data = pool === undefined ? y : maxPool2d(pool, y);
      return { g, input, y, pool };
    });
    const dropped = { seed: 7001n, stream: purposes.dropout + 256 * layerOf.dropout, step: this.#steps };
    const features = training ? dropout(data, 0.5, dropped) : data;
    const head = { n, i: features.length / n, o: 1 };
    const logits = dense(head, features, value(10), value(11));
    const loss = binaryCrossentropyFromLogits(n, t, logits);
    if (training) {
      const dz = binaryCrossentropyFromLogitsGradient(t, logits, 1);
      const gradients: Float32Array[] = [];
      gradients[10] = denseWeightGradient(head, features, dz);
      gradients[11] = denseBiasGradient(head, dz);
      let dy = dropout(denseInputGradient(head, dz, value(10)), 0.5, dropped);
      for (const [i, { g, input, y, pool }] of [...passes.entries()].reverse()) {
        if (pool !== undefined) dy = maxPool2dGradient(pool, y, dy);
        dy = dy.map((slope, at) => (y[at]! > 0 ? slope : 0));
        gradients[2 * i] = conv.weightGradient(g, input, dy);
        gradients[2 * i + 1] = conv.biasGradient(g, dy);
        if (i > 0) dy = conv.inputGradient(g, dy, value(2 * i));
      }
      this.#update(gradients);
    }
    return { loss, probabilities: logits.map(sigmoid) };
  }

  #update(gradients: readonly Float32Array[]): void {
    const options = { learningRate: 0.001, rho: 0.9, epsilon: 1e-7, epsilonPlace: 'outside' } as const;
    this.weights.forEach(({ values, velocity }, i) => {
      const none = new Float32Array(0);
      rmsprop(values, gradients[i]!, { velocity, momentum: none, average: none }, options);
    });
    this.#steps += 1;
  }

  /** The order of the samples of an epoch. */
  order(samples: number, epoch: number): number[] {
    return shuffle({ seed: this.#seed, stream: purposes.shuffle, step: epoch }, samples);
  }

  /** The hash of the weights, and with `slots` of the whole state. */
  hash(slots: boolean): string {
    const hash = createHash('sha256');
    const take = (name: string, shape: readonly number[], values: Float32Array) => {
      hash.update(`${JSON.stringify([name, 'float32', shape])}\n`);
      const bytes = Buffer.alloc(4 * values.length);
      values.forEach((value, i) => {
        bytes.writeUInt32LE(bitsOf(value), 4 * i);
      });
      hash.update(bytes);
    };
    for (const { name, shape, values } of this.weights) take(name, shape, values);
    if (slots) for (const { name, shape, velocity } of this.weights) take(`rmsprop/${name}/velocity`, shape, velocity);
    return `sha256:${hash.digest('hex')}`;
  }
}

function poolOf(n: number, side: number, c: number) {
  const out = Math.floor(side / 2);
  const window = { kh: 2, kw: 2, strideH: 2, strideW: 2, dilationH: 1, dilationW: 1 };
  const padding = { padTop: 0, padBottom: 0, padLeft: 0, padRight: 0 };
  return { n, h: side, w: side, c, oh: out, ow: out, ...window, ...padding };
}

/** The mean loss of steps: floats times the sizes of their batches, added in double in order, divided once. */
export function meanLoss(batches: readonly { loss: number; size: number }[]): number {
  const sum = batches.reduce((total, { loss, size }) => total + f32(loss) * size, 0);
  return sum / batches.reduce((total, { size }) => total + size, 0);
}
