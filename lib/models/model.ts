/** A network that can learn: compile, fit, evaluate, predict and summary, as Keras has them. */
import { type ClassConfig, classConfig } from '../classes/index.js';
import type { ArrayData } from '../data/index.js';
import { ArgumentError, ShapeError } from '../errors/index.js';
import { type CallContext, input, type Layer, type LayerOptions, type NamedWeight, Symbolic } from '../layers/index.js';
import { add, copyInto, gradients, sigmoid, softmax } from '../ops/index.js';
import { type Optimizer, rateOf } from '../optimizers/index.js';
import type { Runtime } from '../runtime/index.js';
import { scope, sizeOf, Tensor } from '../tensor/index.js';
import { gradientsOfUpdate } from './accumulate.js';
import { type Compiled, type CompileOptions, checkCompile, checkPlace, makeSlots, type Slots } from './compile.js';
import type { BatchStream } from './feed.js';
import { type EpochLogs, type EvaluateOptions, evaluateModel, type FitOptions, fitModel, predictWith } from './fit.js';
import { addBatch, type JudgedBatch, type Logs, logsOf, nothing } from './judged.js';
import { Network, type NetworkSource } from './network.js';
import { checkBatch } from './rows.js';
import { type RunData, runFit, type TakenModel } from './run_fit.js';
import type { FitData, SampleShapes } from './samples.js';
import { type SaveOptions, savedBy } from './save.js';
import { countParameters, summaryOf } from './summary.js';
import { Use } from './use.js';
import { weightedMean } from './weighted_loss.js';

/** What came of one batch: the outputs, their mean loss, and that beside the metrics of this batch by name. */
export interface BatchResult {
  predictions: Float32Array;
  loss: number;
  logs: Logs;
}

/** Samples and targets of a step, and the weights of the samples, if they have any. */
export interface Batch {
  x: Tensor;
  y: Tensor;
  weights?: Float32Array | undefined;
}

/** A batch that was asked for and may still be computed. */
export interface PendingBatch {
  /** Waits for it, once. */
  read(): JudgedBatch;
}

/** Told the gradient of every trainable weight, null where the loss does not depend on it. */
export type OnGradients = (gradients: readonly { name: string; gradient: Tensor | null }[]) => void;

/** What a loss may start before, as `call` would compute it. */
const activations = { sigmoid, softmax };

/** A network of layers. Make one with `model` or `sequential`; dispose it when done. */
export class Model extends Network {
  #compiled: Compiled | undefined;
  /** Where the weights live, once they have values. */
  #runtime: Runtime | undefined;
  #slots = new Map<string, Slots>();
  /** The weights that learn, as compile found them. */
  #learning: readonly NamedWeight[] = [];
  readonly #use = new Use();
  /** Training steps since the model was compiled; random numbers of dropout and augmentation count with it. */
  iterations = 0;
  /** Epochs whose steps are done since the model was compiled; orders of samples count with it, and `fit` goes on from it. */
  epochs = 0;
  /** Set by a callback, ends the fit after the batch, and what was measured is kept. A fit begins with false. */
  stopTraining = false;

  constructor(source: NetworkSource, options: LayerOptions) {
    super(source, options);
    if (options.trainable ?? true) return;
    const hint = 'freeze its layers: dense({ units: 1, trainable: false })';
    throw new ArgumentError({ who: 'model', expected: 'trainable to be true', got: 'false', hint });
  }

  /** What compile was given. Throws ArgumentError before compile. */
  get compiled(): Compiled {
    if (this.#compiled !== undefined) return this.#compiled;
    throw new ArgumentError({
      who: this.name,
      expected: 'a compiled model',
      got: 'one that is not',
      hint: 'call compile first',
    });
  }

  /** Whether compile was called. */
  get isCompiled(): boolean {
    return this.#compiled !== undefined;
  }

  /** The runtime of its weights. Throws ArgumentError before this model, or one that shares all of its layers, was compiled or built. */
  get runtime(): Runtime {
    const runtimes = new Set(this.weights.map(({ runtime }) => runtime));
    const [shared] = runtimes.size === 1 ? runtimes : [];
    return this.#runtime ?? shared ?? this.compiled.runtime;
  }

  /** Shapes of one sample, of one output and, where the loss takes another one, of one target. */
  get sampleShapes(): SampleShapes {
    const { inputs, output } = this.graph;
    const target = this.#compiled?.loss.targetShape?.(output.shape);
    if (inputs.length === 1) return { x: inputs[0]!.shape, y: output.shape, ...(target && { target }) };
    throw new ArgumentError({ who: this.name, expected: 'a model with one input', got: `one with ${inputs.length}` });
  }

  /** How it learns; `model.optimizer.learningRate = 0.01` holds from the next step on. Throws ArgumentError before compile. */
  get optimizer(): Optimizer {
    return this.compiled.optimizer;
  }

  /** Rate of the next step, rounded to float32; undefined where the optimizer has none. Throws ArgumentError before compile. */
  get learningRate(): number | undefined {
    return rateOf(this.optimizer, this.iterations);
  }

  /** What the optimizer remembers, by weight and slot. */
  get slots(): ReadonlyMap<string, Slots> {
    return this.#slots;
  }

  /** The network as plain data, in Keras 3's form; what `JSON.stringify` writes. Throws ArgumentError as getConfig. */
  toJSON(): ClassConfig {
    return classConfig(this, 'modelConfig');
  }

  /** The weights that learn since compile; layers whose `trainable` is changed afterwards wait for the next. */
  get trainableWeights(): readonly NamedWeight[] {
    return this.#learning;
  }

  /** Overwrites the weights; see Layer. Throws ArgumentError while the model learns or judges, but for callbacks of a fit. */
  override setWeights(values: readonly ArrayLike<number>[]): void {
    this.expectStill('setWeights');
    super.setWeights(values);
  }

  /** @internal Throws ArgumentError, in the words of `who`, while something that takes its time reads or moves the weights. */
  expectStill(who: string): void {
    this.#use.expectStill(who);
  }

  /** Numbers of values in the weights. */
  countParams(): { total: number; trainable: number } {
    return countParameters(this);
  }

  /** The layers as a table. */
  summary(): string {
    return summaryOf(this);
  }

  /**
   * Gives the model a runtime, a loss and an optimizer, and its weights their first values; a model that has weights
   * keeps them, and begins to count epochs and steps from 0 again. Throws ArgumentError for a bad option, while the
   * model learns or judges, or when the weights live on another runtime.
   */
  compile(options: CompileOptions): this {
    this.#use.expectFree('compile');
    const { lastActivation: activation } = this;
    const compiled = checkCompile(options, { shape: this.graph.output.shape, activation });
    this.#place('compile', compiled);
    this.#disposeSlots();
    this.#compiled = compiled;
    this.#learning = this.namedWeights().filter(({ weight }) => weight.trainable);
    this.#slots = makeSlots(compiled, this.#learning);
    this.iterations = 0;
    this.epochs = 0;
    return this;
  }

  /**
   * Gives the weights a runtime and their first values, so that the model can predict; `compile` keeps them. Throws ArgumentError
   * when they live on another runtime. Example: `model.build({ runtime, seed: 7 })`.
   */
  build(options: { runtime: Runtime; seed?: number }): this {
    this.#use.expectFree('build');
    this.#place('build', checkPlace('build', options));
    return this;
  }

  /** Gives weights without values their first ones. Throws ArgumentError, in the words of `who`, where some live elsewhere. */
  #place(who: string, { runtime: to, seed }: { runtime: Runtime; seed: number }): void {
    if (this.weights.some(({ runtime }) => runtime !== undefined && runtime !== to)) {
      const hint = 'dispose the model before it moves';
      throw new ArgumentError({ who, expected: 'the runtime the weights live on', got: 'another', hint });
    }
    if (this.#runtime === undefined) this.make(to, seed, 1);
    this.#runtime = to;
  }

  /**
   * Writes the whole model: `.keras`, which Keras 3 opens, or a legacy `.h5`. A compiled model is written with how it learns and
   * what its optimizer remembers, unless `optimizer` is false. Rejects with ArgumentError for another ending, for what Keras has no
   * form for and before compile or build, FileError when the file cannot be written. Example: `await model.save('net.keras')`.
   */
  save(path: string, options: SaveOptions = {}): Promise<void> {
    return this.#use.read('save', () => savedBy()(this, path, options));
  }

  /**
   * Learns from data; see FitOptions. Resolves with what was measured in each epoch. Epochs are counted on: n calls of one
   * epoch are one call of n epochs, bit for bit. With `run` it leaves the run folder that `samebits train` leaves, with the
   * same hashes, and learns from a definition (`defineData`) or a dataset, too. Throws ArgumentError while the model learns or
   * judges already.
   * Example: `model.fit({ x: [[0, 1]], y: [[1]] }, { epochs: 5, run: { out: 'runs/first', trace: 'steps' } })`.
   */
  fit(data: FitData | BatchStream, options?: FitOptions): Promise<EpochLogs[]>;
  fit(data: RunData, options: FitOptions & Required<Pick<FitOptions, 'run'>>): Promise<EpochLogs[]>;
  fit(data: RunData | BatchStream, options: FitOptions = {}): Promise<EpochLogs[]> {
    const taken: TakenModel = {
      model: this,
      fit: (samples, how) => fitModel({ model: this, use: this.#use }, samples, how),
    };
    const isKept = typeof options === 'object' && options?.run !== undefined;
    return this.#use.fit(() =>
      isKept ? runFit()(taken, data as RunData, options) : taken.fit(data as FitData, options),
    );
  }

  /** Mean loss and metrics over data, without learning. Beside `fit` it can be asked for in its callbacks only. */
  evaluate(data: FitData, options: EvaluateOptions = {}): Promise<Logs> {
    return this.#use.read('evaluate', () => evaluateModel(this, data, options));
  }

  /** Outputs for samples `x`, as a tensor with the number of samples as its first axis. Beside `fit` as `evaluate`. */
  predict(x: ArrayData, options: EvaluateOptions = {}): Promise<Tensor> {
    return this.#use.read('predict', () => predictWith(this, x, options));
  }

  /**
   * Learns from one batch, tensors `[n, ...sample]` and `[n, ...output]`: forward, backward, and one step of the
   * optimizer. Throws ArgumentError or ShapeError for what are no such tensors, ArgumentError while the model learns or
   * judges.
   */
  trainOnBatch(x: Tensor, y: Tensor, onGradients?: OnGradients): BatchResult {
    this.#use.expectFree('trainOnBatch');
    this.#checkBatch('trainOnBatch', x, y);
    return this.#resultOf(this.startStep({ x, y }, onGradients).read());
  }

  /** @internal One step of fit, to be computed some time before its results are read. */
  startStep({ x, y, weights: counts }: Batch, onGradients?: OnGradients): PendingBatch {
    const { seed, optimizer } = this.compiled;
    const weights = this.#learning;
    const made = scope(() => {
      const { value, gradients: slopes } = gradients(
        () => this.#compare({ x, y, weights: counts }, { training: true, step: this.iterations, seed }),
        weights.map(({ weight }) => weight.tensor),
      );
      onGradients?.(weights.map(({ name }, i) => ({ name, gradient: slopes[i] ?? null })));
      const slotsOf = (i: number) => this.#slots.get(weights[i]!.name)!;
      const held = limited(optimizer, gradientsOfUpdate(optimizer, slopes, slotsOf, this.iterations));
      // One after the other, without anything between: a device moves them by one launch.
      weights.forEach(({ name, weight }, i) => {
        const slope = held?.[i];
        if (slope == null) return;
        optimizer.update(weight.tensor, slope, this.#slots.get(name)!, this.iterations);
        slope.dispose();
      });
      for (const { weight } of held === undefined ? [] : weights) {
        if (weight.constraint !== null) copyInto(weight.tensor, weight.constraint.apply(weight.tensor));
      }
      this.iterations += 1;
      return value;
    });
    return pendingBatch(made, { x, y, weights: counts });
  }

  /** Judges one batch, tensors as trainOnBatch takes them, without learning from it. */
  testOnBatch(x: Tensor, y: Tensor): BatchResult {
    this.#checkBatch('testOnBatch', x, y);
    return this.#resultOf(this.startJudging({ x, y }).read());
  }

  /** @internal Judges one batch of evaluate, to be computed some time before its results are read. */
  startJudging(batch: Batch): PendingBatch {
    return pendingBatch(
      scope(() => this.#compare(batch, this.#inference())),
      batch,
    );
  }

  /**
   * Outputs for one batch, a tensor `[n, ...sample]`; lists and typed arrays go to `predict`. Throws ArgumentError or
   * ShapeError for what is no such tensor.
   */
  predictOnBatch(x: Tensor): Tensor {
    checkBatch('predictOnBatch', 'x', x, this.sampleShapes.x);
    return this.call([x], this.#inference());
  }

  /** Gives the memory of weights and slots back; the model can be compiled anew. Throws ArgumentError while it learns or judges. */
  dispose(): void {
    this.#use.expectFree('dispose');
    for (const weight of this.weights) weight.dispose();
    this.#disposeSlots();
    this.#compiled = undefined;
    this.#runtime = undefined;
    this.iterations = 0;
    this.epochs = 0;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #disposeSlots(): void {
    for (const slots of this.#slots.values()) for (const tensor of Object.values(slots)) tensor.dispose();
    this.#slots.clear();
  }

  #checkBatch(who: string, x: Tensor, y: Tensor): void {
    const shapes = this.sampleShapes;
    checkBatch(who, 'x', x, shapes.x);
    checkBatch(who, 'y', y, shapes.target ?? shapes.y);
    if (x.shape[0] !== y.shape[0]) {
      throw new ShapeError({ who, expected: `as many targets as samples (${x.shape[0]})`, got: `${y.shape[0]}` });
    }
    // Of a number that is no class nothing could be learnt but NaN.
    if (shapes.target !== undefined) this.compiled.loss.checkTargets?.(who, y.data(), shapes.y);
  }

  #inference(): CallContext {
    return { training: false, step: this.iterations, seed: this.#compiled?.seed ?? 0 };
  }

  /** The outputs for one batch and their loss, from the logits where the loss starts there. */
  #compare({ x, y, weights }: Batch, context: CallContext): { loss: Tensor; prediction: Tensor } {
    const { loss, behind } = this.compiled;
    const by = behind ?? loss;
    const output = behind === undefined ? this.call([x], context) : this.callLogits([x], context);
    const mean = this.#punished(
      weights === undefined
        ? by.compute(output, y)
        : weightedMean((prediction, target) => by.compute(prediction, target), output, y, weights),
    );
    return { loss: mean, prediction: behind === undefined ? output : activations[behind.activation](output) };
  }

  /** The loss and what regularizers add for the weights that learn, one after the other in their order. */
  #punished(loss: Tensor): Tensor {
    return this.#learning.reduce((sum, { weight }) => {
      const { regularizer, tensor } = weight;
      return regularizer === null ? sum : add(sum, regularizer.penalty(tensor));
    }, loss);
  }

  #resultOf(judged: JudgedBatch): BatchResult {
    const { prediction: predictions, loss } = judged;
    const { y: shape } = this.sampleShapes;
    const samples = predictions.length / sizeOf(shape);
    const sums = addBatch(this.compiled, nothing(), judged, samples, shape.at(-1) ?? 1);
    return { predictions, loss, logs: logsOf(this.compiled, sums) };
  }
}

/** What comes of a batch once it is computed: one wait for all of it. */
function pendingBatch(made: { loss: Tensor; prediction: Tensor }, { x, y, weights }: Batch): PendingBatch {
  // What a network hands through is not its own.
  const own = Object.values(made).filter((tensor) => tensor !== x && tensor !== y);
  return {
    read() {
      try {
        const [prediction, target, loss] = Tensor.readAll([made.prediction, y, made.loss]) as Float32Array[];
        return { prediction: prediction!, target: target!, weights, loss: loss![0]! };
      } finally {
        for (const tensor of own) tensor.dispose();
      }
    },
  };
}

/** The gradients as the optimizer's limits hold them; those that are held are disposed. */
function limited<S extends readonly (Tensor | null)[] | undefined>(optimizer: Optimizer, slopes: S) {
  const clip = slopes && optimizer.clip?.(slopes.filter((slope) => slope !== null));
  return slopes?.map((slope) => {
    if (slope === null || clip === undefined) return slope;
    const held = clip(slope);
    if (held !== slope) slope.dispose();
    return held;
  });
}

/** What `model` takes. */
export interface ModelOptions extends LayerOptions {
  inputs: Symbolic | readonly Symbolic[];
  outputs: Symbolic;
}

/** A model from its ends: `model({ inputs, outputs })`. Throws ArgumentError when the output needs another input. */
export function model({ inputs, outputs, ...options }: ModelOptions): Model {
  return new Model({ ends: { inputs: inputs instanceof Symbolic ? [inputs] : inputs, output: outputs } }, options);
}

/**
 * Layers in a row: `sequential([input({ shape: [4] }), dense({ units: 1 })])`. It may begin with a model, whose input is its own then;
 * without an input it is a block that learns its input shape when it is applied. Throws ArgumentError for an empty row.
 */
export function sequential(row: readonly (Symbolic | Layer)[], options: LayerOptions = {}): Model {
  const [first, ...others] = row;
  if (first === undefined) throw new ArgumentError({ who: 'sequential', expected: 'at least one layer', got: 'none' });
  const later = others.find((layer) => layer instanceof Symbolic);
  if (later !== undefined) {
    throw new ArgumentError({ who: 'sequential', expected: 'an input only at the beginning', got: 'one in between' });
  }
  const layers = others as Layer[];
  if (first instanceof Symbolic) {
    const output = layers.reduce((x, layer) => layer.apply(x), first);
    return new Model({ ends: { inputs: [first], output }, row: layers }, options);
  }
  const shape = first instanceof Network ? first.inputShape : undefined;
  return shape
    ? sequential([input({ shape }), first, ...layers], options)
    : new Model({ row: [first, ...layers] }, options);
}
