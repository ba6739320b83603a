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

/** Walks back from `loss`, disposing every intermediate as soon as nothing before it needs it. */
function walkBack(
  tape: Tape,
  loss: Tensor,
  seed: Tensor,
  variables: readonly Tensor[],
  kept: Set<number>,
  accumulate: Accumulate,
) {
  const gradients = new Map<number, Tensor>([[loss.id, seed]]);
  const held = new Set<number>([...variables.map((variable) => variable.id), ...kept]);
  for (let step = tape.steps.pop(); step !== undefined; step = tape.steps.pop()) {
    const { output, inputs, backward } = step;
    const dy = gradients.get(output.id);
    if (dy !== undefined) {
      gradients.delete(output.id);
      // Whether dy is needed by this step alone.
      const ends = () => !held.has(output.id) && !held.has(dy.id) && ![...gradients.values()].includes(dy);
      const wanted = inputs.map((input) => tape.watched.has(input.id));
      const take: Take = (input) => {
        const { id } = inputs[input]!;
        const gathered = gradients.get(id) ?? null;
        gradients.delete(id);
        return gathered;
      };
      backward(dy, wanted, take, ends() && dy.ownsMemory).forEach((gradient, i) => {
        if (gradient === null) return;
        const { id } = inputs[i]!;
        const before = gradients.get(id);
        gradients.set(id, before === undefined ? gradient : accumulate(before, gradient));
        if (before !== undefined && gradients.get(id) !== gradient) gradient.dispose();
      });
      if (ends()) dy.dispose();
    }
    if (!held.has(output.id)) output.dispose();
  }
  return variables.map((variable) => gradients.get(variable.id) ?? null);
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
    const kept = new Set(Object.values(value).flatMap((kept) => (kept instanceof Tensor ? [kept.id] : [])));
    const upstream = seed ?? ones(loss.runtime, loss.shape);
    if (seed !== undefined) kept.add(seed.id);
    const gradients = walkBack(tape, loss, upstream, variables, kept, accumulate);
    for (const gradient of gradients) if (gradient !== null) keep(gradient);
    return { value, gradients };
  });
}
