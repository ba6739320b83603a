/** The walk backwards: differentiates the operations of a tape, last first, and frees what it can on the way (plan.ts). */
import { DisposedError } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { type AppliedActivation, isRelu, type Operation } from './operation.js';
import { makerOf, rematerialise } from './plan.js';

/** The kernels that the walk runs by itself. */
export interface WalkKernels {
  /** The sum of two gradients of one tensor, as a new tensor. */
  add(before: Tensor, gradient: Tensor): Tensor;
  /** The gradient of what went into an activation that gave y, as a new tensor. */
  activation(applied: AppliedActivation, y: Tensor, dy: Tensor): Tensor;
}

/** What the walk starts from. */
export interface WalkOptions {
  operations: readonly Operation[];
  /** Ids of the tensors that gradients flow to. */
  watched: ReadonlySet<number>;
  /** Tensors that the walk does not free. */
  held: readonly Tensor[];
  kernels: WalkKernels;
}

/** The gradient of a tensor, and whether it is 0 already where relu made the tensor 0. */
interface Gathered {
  gradient: Tensor;
  masked: boolean;
}

/** An operation whose turn has come, with the gradient of its output. */
interface Ready {
  operation: Operation;
  dy: Gathered;
}

/** Frees every tensor as soon as no operation before needs it. Each gradient that it gathers has a tensor of its own. */
export class Walk {
  readonly #operations: readonly Operation[];
  readonly #watched: ReadonlySet<number>;
  readonly #held: ReadonlySet<number>;
  readonly #kernels: WalkKernels;
  readonly #gathered = new Map<number, Gathered>();
  #waiting: Ready[] = [];

  constructor({ operations, watched, held, kernels }: WalkOptions) {
    this.#operations = operations;
    this.#watched = watched;
    this.#held = new Set(held.map(({ id }) => id));
    this.#kernels = kernels;
  }

  /** From the gradient of the loss to those of the variables. */
  from(loss: Tensor, seed: Tensor, variables: readonly Tensor[]): (Tensor | null)[] {
    this.#gathered.set(loss.id, { gradient: seed, masked: false });
    for (const operation of this.#operations.toReversed()) {
      const dy = this.#gather(operation.output);
      if (dy === undefined) this.#release(operation);
      else if (this.#mayWait(operation, dy.gradient)) this.#waiting.push({ operation, dy });
      else this.#differentiate({ operation, dy });
    }
    return variables.map(({ id }) => this.#gathered.get(id)?.gradient ?? null);
  }

  /** The whole gradient of a tensor, undefined for none. The caller owns it now. */
  #gather(tensor: Tensor): Gathered | undefined {
    this.#call(tensor);
    const gathered = this.#gathered.get(tensor.id);
    this.#gathered.delete(tensor.id);
    return gathered;
  }

  #wants = (tensor: Tensor | null): tensor is Tensor => tensor !== null && this.#watched.has(tensor.id);

  /**
   * Whether an operation waits until the gradient of one of its inputs is asked for: where that takes more memory than dy. It is
   * then computed right before it is read, in the same fused row, and can be an elided buffer.
   */
  #mayWait({ inputs }: Operation, dy: Tensor): boolean {
    return inputs.some((input) => this.#wants(input) && !this.#held.has(input.id) && input.size > dy.size);
  }

  /** Differentiates the operations that wait to add to the gradient of this tensor, in the order in which they came. */
  #call(tensor: Tensor): void {
    const called = this.#waiting.filter(({ operation }) => operation.inputs.includes(tensor));
    if (called.length === 0) return;
    this.#waiting = this.#waiting.filter((ready) => !called.includes(ready));
    for (const ready of called) this.#differentiate(ready);
  }

  #differentiate({ operation, dy: given }: Ready): void {
    const { inputs, output, saves = [], masks = false } = operation;
    const dy = this.#beforeActivation(operation, given);
    const wanted = inputs.map(this.#wants);
    const gradients = this.#backward(operation, dy, wanted);
    // A gradient that is no new tensor is taken as a view, so that each can be freed by itself.
    const known = new Set<Tensor | null>([dy, output, ...inputs, ...saves]);
    gradients.forEach((gradient, i) => {
      if (gradient === null) return;
      const own = known.has(gradient) ? gradient.reshape(gradient.shape) : gradient;
      known.add(gradient);
      if (wanted[i] === true) this.#add(inputs[i]!, { gradient: own, masked: masks });
      else own.dispose();
    });
    if (!this.#held.has(dy.id)) dy.dispose();
    this.#release(operation);
  }

  /** The gradient that `backward` starts from: the one given, or, where an activation was applied, one of its argument in its place. */
  #beforeActivation({ output, activation }: Operation, { gradient, masked }: Gathered): Tensor {
    if (!activation || (masked && isRelu(activation))) return gradient;
    const dz = this.#kernels.activation(activation, output, gradient);
    if (!this.#held.has(gradient.id)) gradient.dispose();
    return dz;
  }

  #backward({ name, inputs, backward }: Operation, dy: Tensor, wanted: readonly boolean[]): readonly (Tensor | null)[] {
    try {
      return backward(dy, wanted, {
        mayOverwrite: !this.#held.has(dy.id) && dy.ownsMemory,
        take: (input) => this.#gather(inputs[input]!)?.gradient ?? null,
        rematerialise: (tensor, row) => rematerialise(makerOf(this.#operations, tensor), tensor, row),
      });
    } catch (cause) {
      if (!(cause instanceof DisposedError && cause.who === 'tensor')) throw cause;
      const expected = 'a gradient that reads only what its operation named';
      throw new DisposedError({ who: name, expected, got: 'one that reads a tensor that was freed' }, { cause });
    }
  }

  #add(input: Tensor, { gradient, masked }: Gathered): void {
    const before = this.#gather(input);
    if (before === undefined) {
      this.#gathered.set(input.id, { gradient, masked });
      return;
    }
    const sum = this.#kernels.add(before.gradient, gradient);
    before.gradient.dispose();
    gradient.dispose();
    this.#gathered.set(input.id, { gradient: sum, masked: masked && before.masked });
  }

  #release({ output, saves = [] }: Operation): void {
    if (!this.#held.has(output.id)) output.dispose();
    for (const saved of saves) saved?.dispose();
  }
}
