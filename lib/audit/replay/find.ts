/** The first operation of a step that wrote other bits in one run than in the other. */
import type { OpRecord, StepRecord, Trace } from '../../trace/index.js';
import type { CalledKernel, NamedHash, StepOutcome } from './stage.js';

/** A call by its number in the step, from 1, and its tensor that differs. */
export interface FoundOperation {
  number: number;
  kernel: string;
  tensor: string;
  /** Whether it only read the tensor: no operation before it had written other bits. */
  read?: true;
  /** Weight whose gradient this output is, where it was found by one. */
  gradientOf?: string;
}

const other = (a: readonly NamedHash[], b: readonly NamedHash[]) => a.find(({ hash }, i) => hash !== b[i]?.hash);

/**
 * Where two lists of calls of the same kernels part: at the operation that read other bits, which none before it wrote, or
 * wrote other bits from the same inputs; undefined where all are equal.
 */
export function partingCall(a: readonly CalledKernel[], b: readonly CalledKernel[]): FoundOperation | undefined {
  for (const [i, { kernel, inputs, outputs }] of a.entries()) {
    const there = b[i];
    if (there?.kernel !== kernel) return undefined;
    const input = other(inputs, there.inputs);
    if (input !== undefined) return { number: i + 1, kernel, tensor: input.name, read: true };
    const output = other(outputs, there.outputs);
    if (output !== undefined) return { number: i + 1, kernel, tensor: output.name };
  }
  return undefined;
}

/** What a trace of operations says of the calls of a step; undefined where it traced none. */
export function tracedCalls(trace: Trace | undefined, at: { epoch: number; step: number }): OpRecord[] | undefined {
  const ops = trace?.ops.filter(({ epoch, step }) => epoch === at.epoch && step === at.step) ?? [];
  return ops.length === 0 ? undefined : ops;
}

/** The calls of traced operations. */
export const callsOf = (ops: readonly OpRecord[]): CalledKernel[] =>
  ops.map(({ kernel, tensors }) => {
    const of = (written: boolean) =>
      tensors.filter(({ output }) => output === written).map(({ name, hash }) => ({ name, hash }));
    return { kernel, inputs: of(false), outputs: of(true) };
  });

/** Whether a step's record tells all that a call wrote: it is the loss, or gradients of weights. */
export const isKept = ({ outputs }: CalledKernel, { lossBits, gradients }: StepOutcome): boolean =>
  outputs.every(({ bits }) => bits === lossBits || gradients.some((gradient) => gradient.bits === bits));

/**
 * The earliest call of a step whose result is recorded with the step and differs: the loss, or the gradient of a weight.
 * Gradients are known again by the bits a replay gave them.
 */
export function callBehind(
  records: readonly [StepRecord, StepRecord],
  gradients: readonly string[],
  { called, outcome }: { called: readonly CalledKernel[]; outcome: StepOutcome },
): FoundOperation | undefined {
  const [a, b] = records;
  const differing = gradients.filter((_, i) => a.gradients.leaves[i] !== b.gradients.leaves[i]);
  const loss = a.loss === b.loss ? undefined : outcome.lossBits;
  for (const [i, { kernel, outputs }] of called.entries()) {
    for (const { name, bits } of outputs) {
      if (bits === undefined) continue;
      if (bits === loss) return { number: i + 1, kernel, tensor: name };
      const gradient = outcome.gradients.find((one) => one.bits === bits && differing.includes(one.name));
      if (gradient !== undefined) return { number: i + 1, kernel, tensor: name, gradientOf: gradient.name };
    }
  }
  return undefined;
}
