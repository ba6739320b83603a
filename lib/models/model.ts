/** A network that can learn: compile, fit, evaluate, predict and summary, as Keras has them. */
import { type ClassConfig, classConfig } from '../classes/index.js';
import type { ArrayData } from '../data/index.js';
import { ArgumentError, ShapeError } from '../errors/index.js';
import type { CallContext, LayerOptions, NamedWeight } from '../layers/index.js';
import { copyInto, gradients, sigmoid, softmax } from '../ops/index.js';
import { type Optimizer, rateOf } from '../optimizers/index.js';
import type { Runtime } from '../runtime/index.js';
import { scope, sizeOf, type Tensor } from '../tensor/index.js';
import { gradientsOfUpdate, limited } from './accumulate.js';
import { type Compiled, type CompileOptions, checkCompile, checkPlace, makeSlots, type Slots } from './compile.js';
import type { BatchStream } from './feed.js';
import { type EpochLogs, type EvaluateOptions, evaluateModel, type FitOptions, fitModel, predictWith } from './fit.js';
import { headsOf, isJoint } from './heads.js';
import { addBatch, type JudgedBatch, type Logs, logsOf, nothing } from './judged.js';
import { Network, type NetworkSource } from './network.js';
import { pendingBatch } from './pending.js';
import { punished } from './punished.js';
import { checkBatch } from './rows.js';
import { type RunData, runFit, type TakenModel } from './run_fit.js';
import type { FitData, PartsFitData, SampleShapes } from './samples.js';
import { type SaveOptions, savedBy } from './save.js';
import { apart, type ByPart, batchOf, endsOf, joined, type Part, packedData, partsOf, rowShape } from './several.js';
import { countParameters, summaryOf } from './summary.js';
import { Use } from './use.js';
import { meanOf } from './weighted_loss.js';

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
    // As in Keras, that of a model is that of all of its layers.
    if (options.trainable === false) this.trainable = false;
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
    const { inputs, outputs } = this.parts;
    const y = rowShape(outputs);
    const target = this.#compiled?.loss.targetShape?.(y);
    return { x: rowShape(inputs), y, ...(target && { target }) };
  }

  /** Inputs and outputs by name, and where their values lie in a row: of several, a sample is one row, and so is an output. */
  get parts(): { inputs: readonly Part[]; outputs: readonly Part[] } {
    const { inputs, outputs } = this.graph;
    return { inputs: partsOf(endsOf(inputs)), outputs: partsOf(endsOf(outputs)) };
  }

  /** @internal Data of several inputs or outputs in rows. Throws, in the words of `who`, for what does not fit them. */
  packed<T extends RunData | PartsFitData>(who: string, data: T): Exclude<T, PartsFitData> {
    const { inputs, outputs } = this.parts;
    const loss = this.#compiled?.loss;
    return packedData(who, data, inputs, isJoint(loss) ? loss.targets : outputs) as Exclude<T, PartsFitData>;
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
    const compiled = checkCompile(options, headsOf(this));
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
    this.make(to, seed, 1);
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
  fit(data: FitData | PartsFitData | BatchStream, options?: FitOptions): Promise<EpochLogs[]>;
  fit(data: RunData | PartsFitData, options: FitOptions & Required<Pick<FitOptions, 'run'>>): Promise<EpochLogs[]>;
  fit(data: RunData | PartsFitData | BatchStream, options: FitOptions = {}): Promise<EpochLogs[]> {
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
  evaluate(data: FitData | PartsFitData, options: EvaluateOptions = {}): Promise<Logs> {
    return this.#use.read('evaluate', () => evaluateModel(this, data, options));
  }

  /**
   * Outputs for samples `x`, as a tensor with the number of samples as its first axis. Beside `fit` as `evaluate`. Rejects with
   * ArgumentError where there are several outputs, of which `predictOutputs` gives each.
   */
  async predict(x: ArrayData | ByPart<ArrayData>, options: EvaluateOptions = {}): Promise<Tensor> {
    const { length } = this.parts.outputs;
    if (length === 1) return this.#use.read('predict', () => predictWith(this, x, options));
    const hint = 'predictOutputs gives each by its name';
    throw new ArgumentError({ who: 'predict', expected: 'a model with one output', got: `one with ${length}`, hint });
  }

  /** The outputs for samples, each by the name of its layer; see predict. The tensors are disposed by whoever asked. */
  async predictOutputs(
    x: ArrayData | ByPart<ArrayData>,
    options: EvaluateOptions = {},
  ): Promise<Record<string, Tensor>> {
    const { outputs } = this.parts;
    const rows = await this.#use.read('predictOutputs', () => predictWith(this, x, options));
    const each = apart(rows, outputs);
    if (!each.includes(rows)) rows.dispose();
    return Object.fromEntries(outputs.map(({ name }, i) => [name, each[i]!]));
  }

  /**
   * Learns from one batch, tensors `[n, ...sample]` and `[n, ...output]`, of several inputs or outputs one each as a list or by name:
   * forward, backward, and one step of the optimizer. Throws ArgumentError or ShapeError for what are no such tensors, ArgumentError while the model learns or
   * judges.
   */
  trainOnBatch(x: Tensor | ByPart<Tensor>, y: Tensor | ByPart<Tensor>, onGradients?: OnGradients): BatchResult {
    this.#use.expectFree('trainOnBatch');
    return scope(() => {
      const batch = this.#batch('trainOnBatch', x, y);
      return this.#resultOf(this.startStep(batch, onGradients).read());
    });
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
  testOnBatch(x: Tensor | ByPart<Tensor>, y: Tensor | ByPart<Tensor>): BatchResult {
    return scope(() => this.#resultOf(this.startJudging(this.#batch('testOnBatch', x, y)).read()));
  }

  /** @internal Judges one batch of evaluate, to be computed some time before its results are read. */
  startJudging(batch: Batch): PendingBatch {
    return pendingBatch(
      scope(() => this.#compare(batch, this.#inference())),
      batch,
    );
  }

  /**
   * Outputs for one batch, a tensor `[n, ...sample]`, of several inputs one each; of several outputs `[n, width]`, one behind the other.
   * Lists of numbers and typed arrays go to `predict`. Throws ArgumentError or ShapeError for what is no such tensor.
   */
  predictOnBatch(x: Tensor | ByPart<Tensor>): Tensor {
    const who = 'predictOnBatch';
    const { inputs } = this.parts;
    return scope(() => {
      const rows = batchOf(who, 'x', x, inputs);
      checkBatch(who, 'x', rows, this.sampleShapes.x);
      return joined(this.callOutputs(apart(rows, inputs), this.#inference()));
    });
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

  /** The tensors of a batch, checked. */
  #batch(who: string, given: Tensor | ByPart<Tensor>, right: Tensor | ByPart<Tensor>): Batch {
    const { inputs, outputs } = this.parts;
    const { loss } = this.compiled;
    const x = batchOf(who, 'x', given, inputs);
    const y = batchOf(who, 'y', right, isJoint(loss) ? loss.targets : outputs);
    const shapes = this.sampleShapes;
    checkBatch(who, 'x', x, shapes.x);
    checkBatch(who, 'y', y, shapes.target ?? shapes.y);
    if (x.shape[0] !== y.shape[0]) {
      throw new ShapeError({ who, expected: `as many targets as samples (${x.shape[0]})`, got: `${y.shape[0]}` });
    }
    // Of a number that is no class nothing could be learnt but NaN.
    if (shapes.target !== undefined) loss.checkTargets?.(who, y.data(), shapes.y);
    return { x, y };
  }

  #inference(): CallContext {
    return { training: false, step: this.iterations, seed: this.#compiled?.seed ?? 0 };
  }

  /** The outputs for one batch and their loss, from the logits where the loss starts there. */
  #compare({ x, y, weights }: Batch, context: CallContext): { loss: Tensor; prediction: Tensor; losses: Tensor[] } {
    const { loss, behind, behinds = [behind] } = this.compiled;
    const by = behind ?? loss;
    const starts = behinds.map((one) => one !== undefined);
    const penalties: Tensor[] = [];
    const made = this.callOutputs(apart(x, this.parts.inputs), { ...context, penalties }, starts);
    const output = joined(made);
    const losses = isJoint(loss) ? loss.each.map((compute) => meanOf(compute, { x: output, y, weights })) : [];
    const mean = punished(
      isJoint(loss) && weights === undefined
        ? loss.total(losses)
        : meanOf((prediction, target) => by.compute(prediction, target), { x: output, y, weights }),
      penalties,
      this.#learning,
    );
    const prediction = starts.includes(true)
      ? joined(made.map((one, i) => (behinds[i] === undefined ? one : activations[behinds[i].activation](one))))
      : output;
    return { loss: mean, prediction, losses };
  }

  #resultOf(judged: JudgedBatch): BatchResult {
    const { prediction: predictions, loss } = judged;
    const { y: shape } = this.sampleShapes;
    const samples = predictions.length / sizeOf(shape);
    const sums = addBatch(this.compiled, nothing(), judged, samples, shape.at(-1) ?? 1);
    return { predictions, loss, logs: logsOf(this.compiled, sums) };
  }
}
