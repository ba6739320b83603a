/** The trace of a training under way: what of the model and its kernels goes into it, and when. */
import { copyFileSync, existsSync } from 'node:fs';
import { ArgumentError, FileError, show } from '../errors/index.js';
import { reason } from '../files/index.js';
import type { FitCallbacks, Model, Progress } from '../models/index.js';
import { observeKernels } from '../ops/index.js';
import { type Identity, stateOf, stored, tracePath, weightsOf } from '../runs/index.js';
import { contractOf } from '../runtime/index.js';
import type { TrainOptions } from '../settings/index.js';
import { dtypeArrays, type Tensor, type TensorData } from '../tensor/index.js';
import {
  type Described,
  readTrace,
  type StoredTensor,
  type TraceBegin,
  type TraceLevel,
  TraceRecorder,
  type Tree,
} from '../trace/index.js';

const describe = ({ name, dtype, shape }: StoredTensor): Described => [name, dtype, [...shape]];

/** A weight whose loss does not depend on it has no gradient; its leaf is that of no values. */
const noGradient = (name: string): StoredTensor => ({ name, dtype: 'float32', shape: [0], data: new Float32Array(0) });

/** What and how much is traced, and of what training. */
export interface TracingParts {
  options: TrainOptions;
  model: Model;
  identity: Identity;
  out: string;
  /** Whether it goes on from a checkpoint, and not from the first step. */
  goesOn: boolean;
}

function beginOf({ model, identity }: TracingParts, level: TraceLevel, values: number): TraceBegin {
  return {
    kind: 'begin',
    level,
    values,
    identity: { ...identity },
    target: model.compiled.runtime.target,
    state: stateOf(model).map(describe),
    weights: weightsOf(model).map(describe),
    gradients: model.trainableWeights.map(({ name, weight }) => [name, 'float32', [...weight.shape]]),
  };
}

/** Refuses to go on with a trace in another way than it began. */
function checkBegin(path: string, options: TrainOptions): TraceBegin {
  const { begin } = readTrace(path);
  if (begin === undefined) {
    throw new FileError({
      who: 'train',
      expected: `a trace ${show(path)} to go on with`,
      got: 'one without beginning',
    });
  }
  const { trace = begin.level, traceValues = begin.values } = options;
  const [expected, got] = [`trace ${show(begin.level)} of ${begin.values} values`, `${show(trace)} of ${traceValues}`];
  if (trace === begin.level && traceValues === begin.values) return begin;
  throw new ArgumentError({ who: 'train', expected: `${expected}, as the run began`, got });
}

/** Begins the trace that the options ask for, or goes on with that of the run that is resumed; undefined for none. */
export function openTracing(parts: TracingParts, progress: Progress): Tracing | undefined {
  const { options, out, goesOn } = parts;
  const { resume = out, trace, traceValues = 0 } = options;
  const path = tracePath(out);
  if (trace === undefined) return undefined;
  if (!goesOn) return new Tracing(parts, new TraceRecorder(path, beginOf(parts, trace, traceValues)));
  const before = tracePath(resume);
  if (!existsSync(before)) {
    const hint = 'a trace begins with the first step';
    throw new ArgumentError({ who: 'train', expected: `a run that is traced in ${show(resume)}`, got: 'none', hint });
  }
  const begin = checkBegin(before, options);
  try {
    if (before !== path) copyFileSync(before, path);
  } catch (cause) {
    throw new FileError({ who: 'train', expected: `to write ${show(path)}`, got: reason(cause) }, { cause });
  }
  return new Tracing(parts, new TraceRecorder(path, begin, progress));
}

/** Tensors copied out of native memory into the same memory at every step: fresh memory costs more than hashing it. */
class Copies {
  readonly #values = new Map<string, TensorData>();

  of(name: string, tensor: Tensor): StoredTensor {
    const { dtype, shape, size } = tensor;
    const data = this.#values.get(name) ?? new dtypeArrays[dtype](size);
    this.#values.set(name, data);
    tensor.read(data);
    return { name, dtype, shape, data };
  }
}

/** Records what the trace's level asks for; `callbacks` go into fit. */
export class Tracing {
  readonly #copies = { gradients: new Copies(), weights: new Copies() };
  #gradients: StoredTensor[] = [];
  /** Place of the step under way, epoch and step from 1. */
  #place = { epoch: 0, step: 0 };

  constructor(
    readonly parts: TracingParts,
    readonly recorder: TraceRecorder,
  ) {}

  get callbacks(): Pick<FitCallbacks, 'onEpochBegin' | 'onGradients'> {
    const { level } = this.recorder.begin;
    if (level === 'weights') return {};
    return {
      onGradients: (gradients) => {
        const { gradients: copies } = this.#copies;
        this.#gradients = gradients.map(({ name, gradient }) =>
          gradient ? copies.of(name, gradient) : noGradient(name),
        );
      },
      ...(level === 'ops' && { onEpochBegin: () => this.#observe() }),
    };
  }

  /** The step that `progress` counts is about to begin, or the first of an epoch. */
  startAt({ epoch, step }: Pick<Progress, 'epoch' | 'step'>): void {
    this.#place = { epoch: epoch + 1, step: step + 1 };
  }

  step(loss: number): void {
    const { level } = this.recorder.begin;
    if (level === 'weights') return;
    const { model } = this.parts;
    const weights = model.namedWeights().map(({ name, weight }) => this.#copies.weights.of(name, weight.tensor));
    const done = { ...this.#place, loss, gradients: this.#gradients, weights };
    this.recorder.step(done, model.iterations <= this.recorder.begin.values);
    this.#gradients = [];
    this.#place.step += 1;
  }

  /** Kernels that judge are no part of a step. */
  pause(): void {
    observeKernels(this.parts.model.compiled.runtime, null);
  }

  epoch(epoch: number, state: Tree): void {
    this.recorder.epoch(epoch, state);
    this.startAt({ epoch, step: 0 });
  }

  /** The training is done, all of it. */
  end(): void {
    this.recorder.end();
  }

  close(): void {
    this.pause();
    this.recorder.close();
  }

  #observe(): void {
    const { model } = this.parts;
    observeKernels(model.compiled.runtime, (kernel, tensors) => {
      const given = tensors.flatMap((tensor: Tensor | null, i) => {
        const { name, output } = contractOf(kernel).tensors[i]!;
        return tensor === null ? [] : [{ tensor: stored(name, tensor), output }];
      });
      // Iterations count a step when it is done.
      this.recorder.op(this.#place, kernel, given, model.iterations < this.recorder.begin.values);
    });
  }
}
