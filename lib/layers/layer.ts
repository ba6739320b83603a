/**
 * What every layer is: it tells its output's shape, declares weights, and computes. Shapes here leave out the batch
 * axis. A layer has no runtime until the model it belongs to makes its weights.
 */
import { type ClassSpec, type Config, configOf, type Maker } from '../classes/index.js';
import { ArgumentError, checkOptions, flagOption, ShapeError, show } from '../errors/index.js';
import { divide, type NormActivation } from '../ops/index.js';
import { type Sequence, streams } from '../random/index.js';
import type { Runtime } from '../runtime/index.js';
import { full, type Shape, sameShape, type Tensor } from '../tensor/index.js';
import { type ActivationName, activate } from './activations.js';
import type { Initializer } from './initializers.js';
import type { Regularizer } from './regularizers.js';
import type { Rules } from './rules.js';
import { commonOptions, dtype } from './spec.js';
import { Symbolic } from './symbolic.js';
import { checkValues, type NamedWeight, Weight } from './weight.js';

/** Options every layer takes. */
export interface LayerOptions {
  /** Name in summaries and weight files. Default: the kind of the layer, numbered inside the model. */
  name?: string;
  /** Whether training changes the weights. Default true. */
  trainable?: boolean;
}

/** What a layer knows of the call it is in. */
export interface CallContext {
  /** Whether this is a training step: dropout and augmentation do nothing otherwise. */
  readonly training: boolean;
  /** Training steps done before this one; random numbers count with it. */
  readonly step: number;
  /** Seed of the run, for layers that have none of their own. */
  readonly seed: number;
  /** Where a network puts what regularizers make of outputs, in the order in which layers compute. */
  readonly penalties?: Tensor[];
}

/** A step of a network, as Keras has them; make one with its function, such as `conv2d({ filters: 32 })`. */
export abstract class Layer {
  /** Lower-case stem of default names, such as `conv2d`. */
  abstract readonly kind: string;
  /** The class in Keras, such as `Conv2D`; summaries print it. */
  abstract readonly kerasName: string;
  #trainable: boolean;
  /** The layer's own options, checked and complete. */
  protected readonly settings: Readonly<Record<string, unknown>> = {};
  #position = 0;
  #name: string | undefined;
  #builtFor: readonly Shape[] | undefined;
  readonly #weights: Weight[] = [];

  /** `known` are the names of the layer's own options, or its description; others are refused in the name of `who`. */
  constructor(who: string, options: LayerOptions, known: readonly string[] | ClassSpec = []) {
    checkOptions(who, options, 'className' in known ? known.options : [...known, ...commonOptions]);
    const { name, trainable = true } = options;
    if (name !== undefined && (typeof name !== 'string' || !/^[^/\s]+$/.test(name))) {
      throw new ArgumentError({ who, expected: "name to be a word without spaces and '/'", got: show(name) });
    }
    this.#name = name;
    this.#trainable = flagOption(who, 'trainable', trainable);
  }

  /** Whether training changes the weights. Set before `compile`, or compile again: `model.getLayer('conv2d').trainable = false`. */
  get trainable(): boolean {
    return this.#trainable;
  }

  set trainable(value: boolean) {
    this.#trainable = flagOption(this.name, 'trainable', value);
    for (const weight of this.#weights) weight.trainable = weight.learns && value;
  }

  /** How the class is kept as data; classes of one's own have a static `className` and `fromConfig` instead. */
  get spec(): ClassSpec | undefined {
    return (this.constructor as { spec?: ClassSpec }).spec;
  }

  /** The name of the class in configs. */
  get className(): string | undefined {
    return this.spec?.className ?? (this.constructor as { className?: string }).className;
  }

  /**
   * All options as Keras 3 writes them. A class of one's own adds its own to `super.getConfig()`, and takes them in its static
   * `fromConfig`.
   */
  getConfig(): Config {
    const { name, trainable, spec } = this;
    return spec === undefined ? { name, trainable, dtype } : configOf(spec, { ...this.settings, name, trainable });
  }

  /** The layer's name; until a model has numbered it, its kind. */
  get name(): string {
    return this.#name ?? this.kind;
  }

  /** The weights, in the order files and hashes keep. */
  get weights(): readonly Weight[] {
    return this.#weights;
  }

  /** The values of the weights in their order, copied out. Throws ArgumentError before the model was compiled. */
  getWeights(): Float32Array[] {
    return this.weights.map(({ tensor }) => tensor.data() as Float32Array);
  }

  /**
   * Overwrites the weights by as many lists of values, in the order of `getWeights`: `to.setWeights(from.getWeights())`. Throws
   * ArgumentError or ShapeError, before any is changed, for another number of lists or of values.
   */
  setWeights(values: readonly ArrayLike<number>[]): void {
    checkValues(this.name, this.weights, values);
    this.weights.forEach(({ tensor }, i) => {
      tensor.write(Float32Array.from(values[i]!));
    });
  }

  /** The weights with their names inside a model: `conv2d/kernel`. */
  namedWeights(): NamedWeight[] {
    return this.#weights.map((weight) => ({ name: `${this.name}/${weight.name}`, weight }));
  }

  /** The layers inside, in order; the layer itself when it is no model. */
  get leaves(): readonly Layer[] {
    return [this];
  }

  /** Whether the layer was named, by its maker or by a model. */
  get named(): boolean {
    return this.#name !== undefined;
  }

  /** Output shape for these input shapes, without the batch axis. Throws ShapeError when the layer cannot take them. */
  abstract computeOutputShape(inputs: readonly Shape[]): Shape;

  /** Computes the output, with a batch axis first. A layer keeps no input: the network frees it once no layer reads it any more. */
  abstract call(inputs: readonly Tensor[], context: CallContext): Tensor;

  /** The activation that the layer is, where it is one that the layer before can compute in its own pass. */
  get asActivation(): NormActivation | undefined {
    return undefined;
  }

  /** Whether `callActivated` takes this activation. */
  fuses(_activation: NormActivation): boolean {
    return false;
  }

  /** Computes the output with an activation that it `fuses` applied in the same pass; the bits are those of the activation afterwards. */
  callActivated?(inputs: readonly Tensor[], context: CallContext, activation: NormActivation): Tensor;

  /** Whether it is a convolution over maps; Grad-CAM explains a network by its deepest one. */
  get isConvolution(): boolean {
    return false;
  }

  /** The activation that makes the output, `linear` for none; with another one, `callLogits` computes what goes into it. */
  get lastActivation(): ActivationName {
    return 'linear';
  }

  /** Computes what goes into the last activation, for layers that have one. */
  callLogits?(inputs: readonly Tensor[], context: CallContext): Tensor;

  /** What the loss gets for the output of the layer. */
  get activityRegularizer(): Regularizer | null {
    return (this.settings as { activityRegularizer?: Regularizer | null }).activityRegularizer ?? null;
  }

  /** @internal What the loss gets for the output of a batch, which is made here of what goes into the last activation with `isLogits`. */
  penaltyOf(value: Tensor, isLogits: boolean): Tensor | null {
    const { activityRegularizer } = this;
    if (activityRegularizer === null) return null;
    const output = isLogits ? activate(this.lastActivation, value) : value;
    return divide(activityRegularizer.penalty(output), full(output.runtime, [], output.shape[0]!));
  }

  /** Declares the weights for these input shapes, with `addWeight`. */
  protected declareWeights(_inputs: readonly Shape[]): void {}

  /** Applies the layer to the output of another one, or of several. */
  apply(input: Symbolic | readonly Symbolic[]): Symbolic {
    const inputs = input instanceof Symbolic ? [input] : [...input];
    const shapes = inputs.map((one) => one.shape);
    const shape = this.computeOutputShape(shapes);
    this.#build(shapes);
    return new Symbolic(shape, this, inputs);
  }

  /** @internal Names a layer that has no name. */
  rename(name: string): void {
    this.#name ??= name;
  }

  /**
   * @internal Makes the weights; `position` is the layer's place among all of the outermost model, from 1. Weights that another model
   * made stay as they are.
   */
  make(runtime: Runtime, seed: number, position: number): void {
    if (this.#weights.some((weight) => weight.runtime !== undefined)) return;
    this.#position = position;
    this.#weights.forEach((weight, i) => {
      const sequence = this.sequence(streams.initializer, weight.initializer.seed, { seed, step: i });
      weight.make(runtime, sequence);
    });
  }

  /** Declares one weight, with its rules if it has such; statistics that training moves but does not learn are not `trainable`. */
  protected addWeight(
    name: string,
    shape: Shape,
    initializer: Initializer,
    { trainable: learns = true, ...rules }: { trainable?: boolean; integer?: boolean } & Partial<Rules> = {},
  ): Weight {
    const weight = new Weight({ name, shape, initializer, learns, trainable: learns && this.trainable, ...rules });
    this.#weights.push(weight);
    return weight;
  }

  /**
   * The random sequence of this layer for one use (docs/contract.md, Layers): key = its own seed, or the run's;
   * stream = purpose + 256 * position, so no two layers share numbers.
   */
  sequence(stream: number, ownSeed: number | undefined, { seed, step }: { seed: number; step: number }): Sequence {
    return { seed: ownSeed ?? seed, stream: stream + 256 * this.#position, step };
  }

  #build(shapes: readonly Shape[]): void {
    const before = this.#builtFor;
    if (before === undefined) {
      this.#builtFor = shapes;
      this.declareWeights(shapes);
    } else if (this.#weights.length > 0 && !shapes.every((shape, i) => sameShape(shape, before[i]!))) {
      const list = (all: readonly Shape[]) => all.map((shape) => show([...shape])).join(', ');
      throw new ShapeError({ who: this.name, expected: `input ${list(before)}, as before`, got: list(shapes) });
    }
  }
}

/** The function that makes layers of a class. */
export function layerMaker<A extends unknown[], L extends Layer>(made: {
  new (...options: A): L;
  readonly spec: ClassSpec;
}): Maker<(...options: A) => Layer> {
  return Object.assign((...options: A): Layer => new made(...options), { makes: made.spec });
}

/** The one input of a layer that takes one; throws ArgumentError when there are others. */
export function single<T>(layer: Layer, inputs: readonly T[]): T {
  if (inputs.length === 1) return inputs[0]!;
  throw new ArgumentError({ who: layer.name, expected: 'one input', got: `${inputs.length}` });
}

/** Throws ShapeError unless the one input has this many axes beside the batch. */
export function singleOfRank(layer: Layer, inputs: readonly Shape[], rank: number, axes: string): Shape {
  const shape = single(layer, inputs);
  if (shape.length === rank) return shape;
  throw new ShapeError({ who: layer.name, expected: `input [${axes}] beside the batch`, got: show([...shape]) });
}
