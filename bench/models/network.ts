/** The trainings whose steps are timed: a network, one fixed batch, and one step after another on it. */
import type { Targets } from '../../lib/data/index.js';
import { buildModel, learningOf, type Model } from '../../lib/models/index.js';
import { modelNamed } from '../../lib/networks/index.js';
import { Words } from '../../lib/random/index.js';
import type { Runtime } from '../../lib/runtime/index.js';
import { sizeOf, type Tensor, tensor } from '../../lib/tensor/index.js';

export const networkNames = ['keras_convnet', 'mini_xception', 'mini_xception_conv'] as const;
export type NetworkName = (typeof networkNames)[number];

/** The paper's batch and pictures. */
export const trainingSize = { batch: 32, size: 180 } as const;

export interface TrainingOptions {
  batch: number;
  /** Side of the square pictures. */
  size: number;
  /**
   * Whether the network begins with the random maps of its augmentation, as it does in a real training; absent for those that have no
   * such option.
   */
  augmentation?: boolean;
  /** Default 3. */
  channels?: number;
  /** Default 2. */
  classes?: number;
  /** What a target is: the class of a picture, or of each place. Default 'class'. */
  kind?: 'class' | 'mask';
  /** Further options of the network. */
  networkOptions?: Readonly<Record<string, unknown>>;
}

/** Targets drawn from the classes, as a network's output has them: 0 or 1 for two classes, else a row with one 1. */
function drawTargets(words: Words, places: number, classes: number): Float32Array {
  const drawn = Array.from({ length: places }, () => words.below(classes));
  if (classes === 2) return Float32Array.from(drawn);
  const rows = new Float32Array(places * classes);
  for (const [place, label] of drawn.entries()) rows[place * classes + label] = 1;
  return rows;
}

/** A training on one batch of random pixels from 0 to 255 and random labels. */
export class Training {
  readonly #model: Model;
  readonly #x: Tensor;
  readonly #y: Tensor;

  constructor(runtime: Runtime, name: string, options: TrainingOptions) {
    const { batch, size, channels = 3, classes = 2, kind = 'class', augmentation, networkOptions = {} } = options;
    const definition = modelNamed('bench', name);
    const targets: Targets = { kind, shape: kind === 'mask' ? [size, size] : [], classes };
    const form = { sampleShape: [size, size, channels], targets };
    const chosen = { ...networkOptions, ...(augmentation !== undefined && { augmentation }) };
    this.#model = buildModel('bench', definition, form, chosen);
    const { optimizer, loss } = learningOf('bench', definition, this.#model, targets);
    this.#model.compile({ runtime, optimizer, loss, seed: 1001 });
    const words = new Words({ seed: 1001, stream: 0, step: 0 });
    // Pixels repeat after a while: speed does not depend on more of them.
    const pixels = Float32Array.from({ length: 65521 }, () => words.below(256));
    const x = [batch, ...form.sampleShape];
    const values = Float32Array.from({ length: sizeOf(x) }, (_, i) => pixels[i % pixels.length]!);
    this.#x = tensor(runtime, values, x);
    const places = kind === 'mask' ? [batch, size, size] : [batch];
    const y = drawTargets(words, sizeOf(places), classes);
    this.#y = tensor(runtime, y, [...places, y.length / sizeOf(places)]);
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
