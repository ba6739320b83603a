// Single operations against PyTorch, forward and backward, from fixtures/torch_operations.jsonl (torch_operations.py). Both round to
// float32 in orders of their own.

import { readFileSync } from 'node:fs';
import {
  averagePool2d,
  gather,
  gelu,
  gradients,
  groupNorm,
  l2Normalize,
  layerNorm,
  logSoftmax,
  matmul,
  max,
  maxPool2d,
  min,
  pow,
  type Runtime,
  scope,
  type Tensor,
  tensor,
} from '../../../lib/index.js';
import { type Compared, floats, type Kept, type Pair } from './compared.js';

interface Line {
  name: string;
  torch: string;
  op: string;
  /** What follows the inputs, if anything does. */
  options: object | number | null;
  inputs: Kept[];
  dy: Kept;
  y: Kept;
  gradients: Kept[];
}

const lines = readFileSync(new URL('../fixtures/torch_operations.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);

const operations: Record<string, (...given: never[]) => Tensor> = {
  ...{ averagePool2d, gelu, l2Normalize, logSoftmax, matmul, max, maxPool2d, min, pow },
  gather: (x: Tensor, { indices, axis }: { indices: number[]; axis: number }) => gather(x, indices, { axis }),
  layerNorm: (x: Tensor, gamma: Tensor, beta: Tensor, options: object) => layerNorm(x, { gamma, beta }, options),
  groupNorm: (x: Tensor, gamma: Tensor, beta: Tensor, options: { groups: number }) =>
    groupNorm(x, { gamma, beta }, options),
};

const pairsOf = (runtime: Runtime, line: Line): Pair[] =>
  scope(() => {
    const operation = operations[line.op] as (...given: unknown[]) => Tensor;
    const inputs = line.inputs.map((kept) => tensor(runtime, floats(kept), kept.shape));
    const call = () => operation(...inputs, ...(line.options === null ? [] : [line.options]));
    const upstream = tensor(runtime, floats(line.dy), line.dy.shape);
    const found = gradients(() => ({ loss: call() }), inputs, upstream).gradients;
    const slopes = line.gradients.map((kept, i) => {
      const got = found[i]!.data();
      return { label: `gradient ${i}`, got, theirs: floats(kept), tolerance: 5e-6 };
    });
    for (const gradient of found) gradient?.dispose();
    return [{ label: 'output', got: call().data(), theirs: floats(line.y), tolerance: 3e-6 }, ...slopes];
  });

export const operationsCompared = (runtime: Runtime): Compared[] =>
  lines.map((line) => ({
    part: line.op,
    title: line.name,
    judge: `PyTorch ${line.torch}`,
    pairs: () => pairsOf(runtime, line),
  }));
