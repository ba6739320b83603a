/** The trainings whose steps are timed: a network, one fixed batch, and one step after another on it. */
import { buildModel, learningOf, type Model } from '../../lib/models/index.js';
import { modelNamed } from '../../lib/networks/index.js';
import { Words } from '../../lib/random/index.js';
import type { Runtime } from '../../lib/runtime/index.js';
import { type Tensor, tensor } from '../../lib/tensor/index.js';

export const networkNames = ['keras_convnet', 'mini_xception', 'mini_xception_conv'] as const;
export type NetworkName = (typeof networkNames)[number];

/** The paper's batch and pictures. */
export const trainingSize = { batch: 32, size: 180 } as const;

export interface TrainingOptions {
  batch: number;
  /** Side of the square pictures. */
  size: number;
  /** Whether the network begins with the random maps of its augmentation, as it does in a real training. */
  augmentation: boolean;
}

/** A training on one batch of random pixels from 0 to 255 and random labels. */
export class Training {
  readonly #model: Model;
  readonly #x: Tensor;
  readonly #y: Tensor;

  constructor(runtime: Runtime, name: NetworkName, { batch, size, augmentation }: TrainingOptions) {
    const definition = modelNamed('bench', name);
    const targets = { kind: 'class', shape: [], classes: 2 } as const;
    this.#model = buildModel('bench', definition, { sampleShape: [size, size, 3], targets }, { augmentation });
    const { optimizer, loss } = learningOf('bench', definition, this.#model, targets);
    this.#model.compile({ runtime, optimizer, loss, seed: 1001 });
    const words = new Words({ seed: 1001, stream: 0, step: 0 });
    // Pixels repeat after a while: speed does not depend on more of them.
    const pixels = Float32Array.from({ length: 65521 }, () => words.below(256));
    const values = Float32Array.from({ length: batch * size * size * 3 }, (_, i) => pixels[i % pixels.length]!);
    this.#x = tensor(runtime, values, [batch, size, size, 3]);
    const labels = Float32Array.from({ length: batch }, () => words.below(2));
    this.#y = tensor(runtime, labels, [batch, 1]);
  }

  get parameters(): number {
    return this.#model.countParams().trainable;
  }

  /** One training step to its end: forward, backward, optimizer. Returns the loss. */
  step(): number {
    const { loss } = this.#model.trainOnBatch(this.#x, this.#y);
    this.#x.runtime.finish();
    return loss;
  }

  dispose(): void {
    this.#model.dispose();
    this.#x.dispose();
    this.#y.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
