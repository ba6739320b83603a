/** The tape: the operations that were computed, in order, while a function is differentiated. */
import { ArgumentError, show } from '../errors/index.js';
import { ones, scope, Tensor } from '../tensor/index.js';
import { checkOperation, isRelu, type Operation } from './operation.js';
import { isSaved, makerOf } from './plan.js';
import { Walk, type WalkKernels } from './walk.js';

class Tape {
  readonly operations: Operation[] = [];
  /** Ids of the variables and of all that was computed from them. */
  readonly watched: Set<number>;

  constructor(readonly variables: readonly Tensor[]) {
    this.watched = new Set(variables.map(({ id }) => id));
  }
}

const tapes: Tape[] = [];

/**
 * Records an operation on the innermost tape. Does nothing when no tape is open or no input is watched. Returns the output.
 * Throws ArgumentError for a record that contradicts itself.
 */
export function record(operation: Operation): Tensor {
  const tape = tapes.at(-1);
  const { inputs, output } = operation;
  if (tape === undefined || !inputs.some((input) => input !== null && tape.watched.has(input.id))) return output;
  checkOperation(operation, ({ id }) => tape.watched.has(id));
  tape.watched.add(output.id);
  tape.operations.push(operation);
  return output;
}

/**
 * Says that nobody but gradients will read a tensor from now on. It is freed at once unless the innermost tape saves it for
 * backward, or it is a variable.
 */
export function letGo(tensor: Tensor): void {
  const tape = tapes.at(-1);
  if (tape?.variables.includes(tensor) || isSaved(tape?.operations ?? [], tensor)) return;
  tensor.dispose();
}

/** Whether a gradient may be asked for this tensor. An operation can skip what only its gradient needs. */
export function isWatched(tensor: Tensor): boolean {
  return tapes.at(-1)?.watched.has(tensor.id) ?? false;
}

/** Whether an operation of the innermost tape ended with relu and made this tensor, so that its gradient may be masked. */
export function isReluOutput(tensor: Tensor): boolean {
  return isRelu(makerOf(tapes.at(-1)?.operations ?? [], tensor)?.activation);
}

/** @internal What the operation of the innermost tape that made this tensor was given; empty for a tensor from elsewhere. */
export function sourcesOf(tensor: Tensor): readonly Tensor[] {
  const inputs = makerOf(tapes.at(-1)?.operations ?? [], tensor)?.inputs ?? [];
  return inputs.filter((input) => input !== null);
}

/** Runs `body` without recording what it computes: for an operation made of others that has a gradient of its own. */
export function unrecorded<T>(body: () => T): T {
  tapes.push(new Tape([]));
  try {
    return body();
  } finally {
    tapes.pop();
  }
}

/** What a function of variables gives and how its value changes with them. */
export interface ValueAndGradients<T> {
  value: T;
  /** One per variable, in their order; null where the value does not depend on it. */
  gradients: (Tensor | null)[];
}

/**
 * Runs `forward`, which returns a scalar loss and anything else to keep, and differentiates the loss by `variables`.
 * Everything made inside is disposed except the value and the gradients, which pass to the enclosing scope. `seed` is the gradient
 * of the loss itself, one by default; with it the loss may have any shape. Throws ArgumentError when the loss is no scalar and no
 * seed is given.
 */
export function valueAndGradients<T extends { loss: Tensor }>(
  forward: () => T,
  variables: readonly Tensor[],
  kernels: WalkKernels,
  seed?: Tensor,
): ValueAndGradients<T> {
  return scope(() => {
    const tape = new Tape(variables);
    tapes.push(tape);
    let value: T;
    try {
      value = forward();
    } finally {
      tapes.pop();
    }
    const { loss } = value;
    if (loss.size !== 1 && seed === undefined) {
      throw new ArgumentError({ who: 'gradients', expected: 'a loss of one value', got: show([...loss.shape]) });
    }
    const found: readonly unknown[] = Object.values(value).flat();
    const results = found.filter((kept): kept is Tensor => kept instanceof Tensor);
    const held = [...variables, ...results, ...(seed === undefined ? [] : [seed])];
    const upstream = seed ?? ones(loss.runtime, loss.shape);
    const gradients = new Walk({ ...tape, held, kernels }).from(loss, upstream, variables);
    return { value, gradients };
  });
}
