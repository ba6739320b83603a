/**
 * A single bit flipped on purpose, once in a training: in a weight after the update of a step, or in what an operation of
 * a step has written, before anything reads it. A known fault of known size, to test what finds and measures differences.
 */
import { ArgumentError, integerOption, show } from '../errors/index.js';
import { capabilities, contractOf } from '../runtime/index.js';

export interface FlippedBit {
  /** Training step, counted from 1 over all epochs. */
  step: number;
  /** Element in row-major order, from 0. */
  index: number;
  /** From 0, the lowest of the fraction, to 31, the sign. */
  bit: number;
}

/** A bit of a weight, by the weight's name: `conv2d/kernel`. */
export interface WeightFlip extends FlippedBit {
  tensor: string;
}

/** A bit of what an operation wrote. */
export interface OutputFlip extends FlippedBit {
  /** The operation's number in its step, from 1, as a trace of operations counts; or its kernel, for the first such call. */
  operation: number | string;
  /** Which of its outputs; the first by default. */
  output?: string;
}

/** A bit to flip, in a weight or in what an operation wrote. */
export type Flip = WeightFlip | OutputFlip;

const forms = 'step=N,tensor=NAME,index=N,bit=N or step=N,operation=N or KERNEL,index=N,bit=N';

/** A flip as the command line writes it. */
export function flipText(flip: Flip): string {
  const { step, index, bit } = flip;
  const where =
    'tensor' in flip
      ? `tensor=${flip.tensor}`
      : `operation=${flip.operation}${flip.output === undefined ? '' : `,output=${flip.output}`}`;
  return `step=${step},${where},index=${index},bit=${bit}`;
}

const number = (text: string | undefined) => (text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined);

/** Reads what `flipText` writes, its parts in any order. Throws ArgumentError in the words of `who`. */
export function parseFlip(text: string, who = 'flip'): Flip {
  const pairs = text.split(',').map((part) => part.split('='));
  const parts = new Map(pairs.map(([name = '', value = '']) => [name, value]));
  const known = ['step', 'tensor', 'operation', 'output', 'index', 'bit'];
  const whole = pairs.length === parts.size && pairs.every((pair) => pair.length === 2 && known.includes(pair[0]!));
  const [step, index, bit] = ['step', 'index', 'bit'].map((name) => number(parts.get(name)));
  const [tensor, operation, output] = ['tensor', 'operation', 'output'].map((name) => parts.get(name));
  const one = (tensor === undefined) !== (operation === undefined) && !(tensor !== undefined && output !== undefined);
  if (!whole || !one || step === undefined || index === undefined || bit === undefined) {
    throw new ArgumentError({ who, expected: forms, got: show(text) });
  }
  const flipped = { step, index, bit };
  if (tensor !== undefined) return checkFlip({ ...flipped, tensor }, who);
  const called = number(operation) ?? operation!;
  return checkFlip({ ...flipped, operation: called, ...(output !== undefined && { output }) }, who);
}

/** The flip if it can be made in some training. Throws ArgumentError otherwise. */
export function checkFlip<T extends Flip>(flip: T, who = 'flip'): T {
  integerOption(who, 'step', flip.step, 1);
  integerOption(who, 'index', flip.index, 0);
  if (!Number.isInteger(flip.bit) || flip.bit < 0 || flip.bit > 31) {
    throw new ArgumentError({ who, expected: 'bit to be an integer from 0 to 31', got: show(flip.bit) });
  }
  if (!('operation' in flip)) return flip;
  const { operation, output } = flip as OutputFlip;
  if (typeof operation === 'number') integerOption(who, 'operation', operation, 1);
  else outputOf(operation, output, who);
  return flip;
}

/** Place of an output among a kernel's tensors. Throws ArgumentError where there is none of this name. */
export function outputOf(kernel: string, output: string | undefined, who: string): number {
  const { kernels } = capabilities();
  if (!kernels.includes(kernel)) {
    throw new ArgumentError({
      who,
      expected: `operation to be a number or one of ${kernels.join(', ')}`,
      got: show(kernel),
    });
  }
  const outputs = contractOf(kernel).tensors.flatMap(({ name, output: written }, i) => (written ? [{ name, i }] : []));
  const found = output === undefined ? outputs[0] : outputs.find(({ name }) => name === output);
  if (found !== undefined) return found.i;
  const expected = `output of ${kernel} to be one of ${outputs.map(({ name }) => name).join(', ')}`;
  throw new ArgumentError({ who, expected, got: show(output) });
}
