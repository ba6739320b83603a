/** The tape: what was computed, in order, and how each step's gradient flows back. */
import { ArgumentError, show } from '../errors/index.js';
import { keep, ones, scope, Tensor } from '../tensor/index.js';

/**
 * Hands over what was gathered so far of the gradient of an input, null where that is nothing. Whoever takes it disposes
 * it, and gives back its sum with the gradient: taken + gradient, as Accumulate would.
 */
export type Take = (input: number) => Tensor | null;

/**
 * From the gradient of an output to the gradients of the inputs; null where `wanted` is false. With `spare` nobody else reads
 * dy, so that a gradient may be written over it and given back in its place.
 */
export type Backward = (dy: Tensor, wanted: readonly boolean[], take: Take, spare: boolean) => (Tensor | null)[];

/** Adds a second gradient into the first, which it may overwrite and must return. */
export type Accumulate = (into: Tensor, gradient: Tensor) => Tensor;

interface Step {
  output: Tensor;
  inputs: readonly Tensor[];
  backward: Backward;
}

class Tape {
  readonly steps: Step[] = [];
  readonly watched = new Set<number>();
}

const tapes: Tape[] = [];

/**
 * Notes on the innermost tape that `output` came from `inputs`; does nothing when no tape is open or no input is
 * watched. Returns the output.
 */
export function record(output: Tensor, inputs: readonly Tensor[], backward: Backward): Tensor {
  const tape = tapes.at(-1);
  if (tape?.watched !== undefined && inputs.some((input) => tape.watched.has(input.id))) {
    tape.watched.add(output.id);
    tape.steps.push({ output, inputs, backward });
  }
  return output;
}

/** Whether a gradient will be asked for this tensor: lets an operation skip what only its gradient needs. */
export function isWatched(tensor: Tensor): boolean {
  return tapes.at(-1)?.watched.has(tensor.id) ?? false;
}

/** How many steps of the innermost tape took this tensor as an input. */
export function readersOf(tensor: Tensor): number {
  return tapes.at(-1)?.steps.filter((step) => step.inputs.includes(tensor)).length ?? 0;
}

/** Whether a tape is open: intermediate results may still be needed by a gradient. */
export function isRecording(): boolean {
  return tapes.length > 0;
}

/** Whether a step of the innermost tape made this tensor, so that nobody but the steps before it sees its gradient. */
export function isIntermediate(tensor: Tensor): boolean {
  return tapes.at(-1)?.steps.some((step) => step.output === tensor) ?? false;
}

/** @internal What the step of the innermost tape that made this tensor took; empty when no step of it made the tensor. */
export function sourcesOf(tensor: Tensor): readonly Tensor[] {
  return tapes.at(-1)?.steps.find((step) => step.output === tensor)?.inputs ?? [];
}

/** What a function of variables gives and how its value changes with them. */
export interface ValueAndGradients<T> {
  value: T;
  /** One per variable, in their order; null where the value does not depend on it. */
  gradients: (Tensor | null)[];
}

/** A step whose turn has come, with the gradient of its output. */
interface Ready extends Step {
  dy: Tensor;
}

/** Walks back from `loss`, disposing every intermediate as soon as nothing before it needs it. */
class Walk {
  readonly #tape: Tape;
  readonly #accumulate: Accumulate;
  readonly #held: Set<number>;
  readonly #gradients = new Map<number, Tensor>();
  #waiting: Ready[] = [];

  constructor(tape: Tape, held: Iterable<number>, accumulate: Accumulate) {
    this.#tape = tape;
    this.#held = new Set(held);
    this.#accumulate = accumulate;
  }

  /** From the gradient of the loss to those of the variables. */
  from(loss: Tensor, seed: Tensor, variables: readonly Tensor[]): (Tensor | null)[] {
    this.#gradients.set(loss.id, seed);
    for (let step = this.#tape.steps.pop(); step !== undefined; step = this.#tape.steps.pop()) {
      const { output } = step;
      const dy = this.#gather(output);
      if (dy === null) this.#release(output);
      else if (this.#mayWait(step, dy)) this.#waiting.push({ ...step, dy });
      else this.#take({ ...step, dy });
    }
    return variables.map((variable) => this.#gradients.get(variable.id) ?? null);
  }

  /** All of the gradient of a tensor that there is to be, null for none; it is the caller's now. */
  #gather(tensor: Tensor): Tensor | null {
    this.#call(tensor);
    const gathered = this.#gradients.get(tensor.id) ?? null;
    this.#gradients.delete(tensor.id);
    return gathered;
  }

  /**
   * Whether a step waits until somebody asks for the gradient of one of its inputs: where that takes more memory than dy. It
   * is then taken right before it is read.
   */
  #mayWait({ inputs }: Step, dy: Tensor): boolean {
    return inputs.some(({ id, size }) => this.#tape.watched.has(id) && !this.#held.has(id) && size > dy.size);
  }

  /** Takes the steps that wait to add to the gradient of this tensor, in the order in which they came. */
  #call(tensor: Tensor): void {
    const called = this.#waiting.filter(({ inputs }) => inputs.includes(tensor));
    if (called.length === 0) return;
    this.#waiting = this.#waiting.filter((step) => !called.includes(step));
    for (const step of called) this.#take(step);
  }

  #take({ output, inputs, backward, dy }: Ready): void {
    // Whether dy is needed by this step alone.
    const ends = () => {
      const others = [...this.#gradients.values(), ...this.#waiting.map((step) => step.dy)];
      return !this.#held.has(output.id) && !this.#held.has(dy.id) && !others.includes(dy);
    };
    const wanted = inputs.map((input) => this.#tape.watched.has(input.id));
    const take: Take = (input) => this.#gather(inputs[input]!);
    backward(dy, wanted, take, ends() && dy.ownsMemory).forEach((gradient, i) => {
      if (gradient !== null) this.#add(inputs[i]!, gradient);
    });
    if (ends()) dy.dispose();
    this.#release(output);
  }

  #add(input: Tensor, gradient: Tensor): void {
    const before = this.#gather(input);
    const sum = before === null ? gradient : this.#accumulate(before, gradient);
    this.#gradients.set(input.id, sum);
    if (before !== null && sum !== gradient) gradient.dispose();
  }

  #release(output: Tensor): void {
    if (!this.#held.has(output.id)) output.dispose();
  }
}

/**
 * Runs `forward`, which returns a scalar loss and anything else to keep, and differentiates the loss by `variables`.
 * Everything made inside is disposed except the value and the gradients. `seed` is the gradient of the loss itself,
 * one by default; with it the loss may have any shape. Throws ArgumentError when the loss is no scalar and no seed is given.
 */
export function valueAndGradients<T extends { loss: Tensor }>(
  forward: () => T,
  variables: readonly Tensor[],
  accumulate: Accumulate,
  seed?: Tensor,
): ValueAndGradients<T> {
  return scope(() => {
    const tape = new Tape();
    for (const variable of variables) tape.watched.add(variable.id);
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
    const results = Object.values(value).filter((kept): kept is Tensor => kept instanceof Tensor);
    const held = [...variables, ...results, ...(seed === undefined ? [] : [seed])].map(({ id }) => id);
    const upstream = seed ?? ones(loss.runtime, loss.shape);
    const gradients = new Walk(tape, held, accumulate).from(loss, upstream, variables);
    for (const gradient of gradients) if (gradient !== null) keep(gradient);
    return { value, gradients };
  });
}
