/** Makes a flip in a training under way, and refuses one that the model or the step has no place for. */
import { ArgumentError, show } from '../errors/index.js';
import type { Model } from '../models/index.js';
import { interveneInKernels } from '../ops/index.js';
import { contractOf } from '../runtime/index.js';
import { type Flip, type FlippedBit, type OutputFlip, outputOf, type WeightFlip } from '../settings/index.js';
import type { Tensor } from '../tensor/index.js';

/** Flips one bit of a float32 tensor. Throws ArgumentError, naming the tensor, where it has no such element. */
function flipBit(name: string, tensor: Tensor, { index, bit }: FlippedBit): void {
  if (tensor.dtype !== 'float32') {
    throw new ArgumentError({ who: 'flip', expected: `a float32 tensor, which ${name} is not`, got: tensor.dtype });
  }
  if (index >= tensor.size) {
    throw new ArgumentError({ who: 'flip', expected: `index below ${tensor.size} of ${name}`, got: show(index) });
  }
  const values = tensor.data();
  new Uint32Array(values.buffer)[index]! ^= 2 ** bit;
  tensor.write(values);
}

/** Makes one flip in the training of a compiled model. The training says when steps begin and end; `end` is the last word. */
export class BitFlip {
  readonly #model: Model;
  readonly #flip: Flip;
  /** Operations of the step so far; undefined between steps. */
  #operations: number | undefined;
  #done = false;
  readonly #release: (() => void) | undefined;

  /** Throws ArgumentError for a weight the model has not, or a step after the last. */
  constructor(model: Model, flip: Flip, steps: number) {
    this.#model = model;
    this.#flip = flip;
    if (flip.step > steps) {
      throw new ArgumentError({ who: 'flip', expected: `step from 1 to ${steps}`, got: show(flip.step) });
    }
    if ('tensor' in flip) this.#checkWeight(flip);
    else {
      const after = (kernel: string, tensors: readonly (Tensor | null)[]) => this.#afterKernel(kernel, tensors, flip);
      this.#release = interveneInKernels(model.compiled.runtime, { after });
    }
  }

  /** The next kernel is the first of a step. */
  beginStep(): void {
    this.#operations = 0;
  }

  /** A step has changed the weights; call it before anything reads them. */
  endStep(): void {
    const flip = this.#flip;
    if (this.#model.iterations === flip.step) {
      if ('tensor' in flip) flipBit(flip.tensor, this.#weight(flip.tensor)!, flip);
      else if (!this.#done) throw this.#missed(flip);
    }
    this.#operations = 0;
  }

  /** Kernels that judge are no part of a step. */
  pause(): void {
    this.#operations = undefined;
  }

  end(): void {
    this.#release?.();
  }

  #weight(name: string): Tensor | undefined {
    return this.#model.namedWeights().find((weight) => weight.name === name)?.weight.tensor;
  }

  #checkWeight({ tensor: name, index }: WeightFlip): void {
    const tensor = this.#weight(name);
    if (tensor === undefined) {
      const names = this.#model.namedWeights().map((weight) => weight.name);
      throw new ArgumentError({ who: 'flip', expected: `tensor to be one of ${names.join(', ')}`, got: show(name) });
    }
    if (index >= tensor.size) {
      throw new ArgumentError({ who: 'flip', expected: `index below ${tensor.size} of ${name}`, got: show(index) });
    }
  }

  #afterKernel(kernel: string, tensors: readonly (Tensor | null)[], flip: OutputFlip): void {
    // Iterations count a step when it is done.
    if (this.#operations === undefined || this.#done || this.#model.iterations !== flip.step - 1) return;
    this.#operations += 1;
    const { operation, output } = flip;
    if (operation !== kernel && operation !== this.#operations) return;
    const place = outputOf(kernel, output, 'flip');
    const { name } = contractOf(kernel).tensors[place]!;
    const tensor = tensors[place];
    if (!tensor)
      throw new ArgumentError({ who: 'flip', expected: `${kernel} to write ${name}`, got: 'a call without it' });
    flipBit(`${name} of operation ${this.#operations} (${kernel})`, tensor, flip);
    this.#done = true;
  }

  #missed({ operation, step }: OutputFlip): ArgumentError {
    const expected = `operation to be one of the ${this.#operations} of step ${step}`;
    return new ArgumentError({ who: 'flip', expected, got: show(operation) });
  }
}
