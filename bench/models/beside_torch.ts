/** Convolutions and normalizations of a training step, shape by shape, beside PyTorch's that were profiled in turn. */
import { digits, milliseconds, ratioText, textTable } from '../page.js';
import type { Profile, Slot, TimedCall } from '../recorder.js';
import { drawer, geometricMean, spread, turnRatio } from '../statistics.js';

/** What a kernel of ours is a part of in PyTorch, and which of its slots are x, weight and y (dy); by its own names too. */
const parts: Readonly<Record<string, { of: string; slots: readonly number[] }>> = {
  'conv2d.forward': { of: 'convolution.forward', slots: [0, 1, 3] },
  'conv2d.inputGradient': { of: 'convolution.backward', slots: [2, 1, 0] },
  'depthwise_conv2d.forward': { of: 'convolution.forward', slots: [0, 1, 2] },
  'depthwise_conv2d.inputGradient': { of: 'convolution.backward', slots: [2, 1, 0] },
  // x, dy, dw: the weight's shape is its gradient's.
  'conv2d.weightGradient': { of: 'convolution.backward', slots: [0, 2, 1] },
  'depthwise_conv2d.weightGradient': { of: 'convolution.backward', slots: [0, 2, 1] },
  'batch_norm.statistics': { of: 'batch_norm.forward', slots: [0] },
  'batch_norm.forward': { of: 'batch_norm.forward', slots: [0] },
  'batch_norm.parameterGradient': { of: 'batch_norm.backward', slots: [0] },
  'batch_norm.inputGradient': { of: 'batch_norm.backward', slots: [0] },
  'convolution.forward': { of: 'convolution.forward', slots: [0, 1, 2] },
  'convolution.backward': { of: 'convolution.backward', slots: [0, 1, 2] },
  'batch_norm.backward': { of: 'batch_norm.backward', slots: [0] },
};

const sides = (shape: readonly number[]) => `[${shape}]`;

/** Kernel and shapes in words that are the same for ours and PyTorch's; undefined for what is not compared. */
export function workName({ kernel, slots }: Pick<TimedCall, 'kernel' | 'slots'>): string | undefined {
  const part = parts[kernel];
  if (part === undefined) return undefined;
  const [x, weight, y] = part.slots.map((slot) => (slots[slot] as Slot).shape);
  if (weight === undefined || y === undefined) return `${part.of} ${sides(x!)}`;
  // A depthwise weight lies as [kh, kw, c, 1] here and as [kh, kw, 1, c] there.
  const [kh, kw, ci] = weight as [number, number, number];
  const depthwise = kernel.startsWith('depthwise') || ci !== x!.at(-1) ? 'depthwise ' : '';
  return `${part.of} ${depthwise}${kh} x ${kw} ${sides(x!)} to ${sides(y)}`;
}

/** Seconds of each work of a step, step by step. */
function secondsByWork({ seconds: steps, calls }: Profile): Map<string, number[]> {
  const all = new Map<string, number[]>();
  for (const call of calls) {
    const name = workName(call);
    if (name === undefined) continue;
    const sums = all.get(name) ?? steps.map(() => 0);
    all.set(
      name,
      sums.map((sum, turn) => sum + call.seconds[turn]!),
    );
  }
  return all;
}

/** A table of what both do, ours slowest first: the same step of both profiles was measured in the same turn. */
export function besideTorchPage(ours: Profile, theirs: Profile): string {
  const draw = drawer();
  const peer = secondsByWork(theirs);
  const rows = [...secondsByWork(ours)]
    .flatMap(([name, seconds]) => {
      const other = peer.get(name);
      return other === undefined ? [] : [{ name, seconds, other, median: spread(seconds).median }];
    })
    .sort((a, b) => b.median - a.median)
    .map((row) => ({ ...row, ratio: turnRatio(row.seconds, row.other, { draw }) }));
  if (rows.length === 0) return '';
  const lines = rows.map(({ name, median, other, ratio }) => [
    name,
    milliseconds(median),
    milliseconds(spread(other).median),
    ratioText(ratio),
  ]);
  const mean = digits(geometricMean(rows.map(({ ratio }) => ratio.estimate)));
  const table = textTable(['in a step', 'ours ms', 'torch ms', 'ratio [95 % interval]'], lines);
  return `${table}\ngeometric mean of the ratios ${mean}`;
}
