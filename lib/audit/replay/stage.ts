/**
 * A training set up again from its receipt, to be put into any state and to take any single step, so that what its
 * kernels read and write in that step can be looked at.
 */
import type { NativeSettings } from '../../addon/index.js';
import { BatchPlan, type Dataset } from '../../data/index.js';
import { type Model, type ModelDefinition, samplesOf, weightedByClass } from '../../models/index.js';
import { type Intervention, interveneInKernels } from '../../ops/index.js';
import { builtFor, type Receipt, restoreState, stateOf, stored, weightsOf } from '../../runs/index.js';
import { contractOf, createRuntime, type Runtime } from '../../runtime/index.js';
import { runtimeOptionsOf } from '../../settings/index.js';
import { sizeOf, type Tensor } from '../../tensor/index.js';
import { type StoredTensor, tensorHash, treeOf } from '../../trace/index.js';
import { BitFlip } from '../../training/index.js';

/** A step, epoch and step in it counted from 1. */
export interface StepPlace {
  epoch: number;
  step: number;
}

/** All that a step begins with. */
export interface TrainingState {
  tensors: readonly StoredTensor[];
  /** Training steps done. */
  iterations: number;
}

/** A kernel a step called: what it was, and the hashes of what it wrote, by the names in its contract. */
export interface CalledKernel {
  kernel: string;
  inputs: NamedHash[];
  outputs: NamedHash[];
}

export interface NamedHash {
  name: string;
  hash: string;
  /** Hash of the values alone, whatever their name and shape; of what is written. */
  bits?: string;
}

/** One call of a kernel with all it needs to be made again. */
export interface CapturedCall {
  kernel: string;
  settings: NativeSettings;
  /** In the order of the contract, null where not given; outputs as they were before the call. */
  before: (StoredTensor | null)[];
  /** The same after it. */
  after: (StoredTensor | null)[];
}

/** What a step left behind. */
export interface StepOutcome {
  loss: number;
  lossBits: string;
  /** Of weights that have one. */
  gradients: NamedHash[];
  /** Root over the weights after it. */
  weights: string;
}

const bitsOf = ({ dtype, data }: Omit<StoredTensor, 'name' | 'shape'>) =>
  tensorHash({ name: '', dtype, shape: [data.length], data });

const copies = (kernel: string, tensors: readonly (Tensor | null)[]) =>
  tensors.map((tensor, i) => tensor && stored(contractOf(kernel).tensors[i]!.name, tensor));

/** A training that stands still between two steps. */
export class Stage {
  readonly #runtime: Runtime;
  readonly #model: Model;
  readonly #plan: BatchPlan;
  readonly #samples: ReturnType<typeof samplesOf>;
  readonly #flip: Receipt['options']['flip'];

  /** The training a receipt tells of, on this machine: with its seeds, threads and instruction set. */
  constructor(receipt: Receipt, dataset: Dataset, network: ModelDefinition) {
    const { batchSize, flip, seed } = receipt.options;
    const { threads } = receipt;
    const isa = receipt.options.device === 'cpu' ? (receipt.target.split('/')[1] as Receipt['options']['isa']) : 'auto';
    this.#runtime = createRuntime(runtimeOptionsOf({ ...receipt.options, isa, threads }));
    const { model, learning } = builtFor('diff', receipt, network);
    this.#model = model.compile({ runtime: this.#runtime, ...learning, seed });
    this.#plan = new BatchPlan({ length: dataset.train.length, batchSize, shuffle: true, seed });
    this.#flip = flip;
    const { sampleShapes: shapes } = this.#model;
    const samples = samplesOf('diff', dataset.train, shapes, this.#model.compiled.loss);
    const { classWeight } = receipt.options;
    this.#samples = classWeight ? weightedByClass(samples, classWeight, sizeOf(shapes.target ?? shapes.y)) : samples;
  }

  get runtime(): Runtime {
    return this.#runtime;
  }

  /** Steps in an epoch. */
  get steps(): number {
    return this.#plan.steps;
  }

  get state(): TrainingState {
    return { tensors: stateOf(this.#model), iterations: this.#model.iterations };
  }

  set state({ tensors, iterations }: TrainingState) {
    restoreState(this.#model, tensors, 'the state of a replay');
    this.#model.iterations = iterations;
  }

  /** Root over the state. */
  root(): string {
    return treeOf(stateOf(this.#model)).root;
  }

  /** Takes one step. */
  take({ epoch, step }: StepPlace, intervention: Intervention = {}): StepOutcome {
    // Before the intervention, which is to see what the flip did.
    const flip = this.#flip && new BitFlip(this.#model, this.#flip, Number.POSITIVE_INFINITY);
    flip?.beginStep();
    const release = interveneInKernels(this.#runtime, intervention);
    this.#runtime.beginStep(this.#model.iterations);
    const batch = this.#samples.batch(this.#runtime, this.#plan.batch({ epoch: epoch - 1, step: step - 1 }), epoch - 1);
    const gradients: NamedHash[] = [];
    try {
      const pending = this.#model.startStep(batch, (all) => {
        for (const { name, gradient } of all) {
          const values = gradient && stored(name, gradient);
          if (values) gradients.push({ name, hash: tensorHash(values), bits: bitsOf(values) });
        }
      });
      const { loss } = pending.read();
      flip?.endStep();
      const lossBits = bitsOf({ dtype: 'float32', data: Float32Array.of(loss) });
      return { loss, lossBits, gradients, weights: treeOf(weightsOf(this.#model)).root };
    } finally {
      release();
      flip?.end();
      batch.x.dispose();
      batch.y.dispose();
    }
  }

  /** Takes one step and tells of every kernel it called. */
  observe(place: StepPlace): { called: CalledKernel[]; outcome: StepOutcome } {
    const called: CalledKernel[] = [];
    const outcome = this.take(place, {
      after: (kernel, tensors) => {
        const given = copies(kernel, tensors);
        const of = (written: boolean) =>
          given
            .filter((tensor, i) => tensor !== null && contractOf(kernel).tensors[i]!.output === written)
            .map((tensor) => ({
              name: tensor!.name,
              hash: tensorHash(tensor!),
              ...(written && { bits: bitsOf(tensor!) }),
            }));
        called.push({ kernel, inputs: of(false), outputs: of(true) });
      },
    });
    return { called, outcome };
  }

  /** Takes one step and captures its call number `operation`, counted from 1. */
  capture(place: StepPlace, operation: number): CapturedCall | undefined {
    let calls = 0;
    let captured: CapturedCall | undefined;
    this.take(place, {
      before: (kernel, tensors, settings) => {
        calls += 1;
        if (calls === operation) captured = { kernel, settings, before: copies(kernel, tensors), after: [] };
      },
      after: (kernel, tensors) => {
        if (calls === operation) captured!.after = copies(kernel, tensors);
      },
    });
    return captured;
  }

  /** Takes one step and logs how an element of an output of its call number `operation` grows. */
  watch(place: StepPlace, operation: number, element: { slot: number; index: number }) {
    let calls = 0;
    let log: ReturnType<Runtime['arrivals']> = [];
    this.take(place, {
      before: (_kernel, tensors) => {
        calls += 1;
        if (calls === operation) this.#runtime.watchArrivals(tensors[element.slot]!.native(), element.index);
      },
      after: () => {
        if (calls === operation) log = this.#runtime.arrivals();
      },
    });
    return log;
  }

  dispose(): void {
    this.#model.dispose();
    this.#runtime.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
