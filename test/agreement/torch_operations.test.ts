// Single operations against PyTorch, forward and backward, from fixtures/torch_operations.jsonl (torch_operations.py). Both round to
// float32 in orders of their own.

import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import {
  averagePool2d,
  createRuntime,
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
  scope,
  type Tensor,
  tensor,
} from '../../lib/index.js';
import { expectClose } from '../support/bits.js';

interface Kept {
  shape: number[];
  data: string;
}
interface Line {
  name: string;
  op: string;
  /** What follows the inputs, if anything does. */
  options: object | number | null;
  inputs: Kept[];
  dy: Kept;
  y: Kept;
  gradients: Kept[];
}

const lines = readFileSync(new URL('./fixtures/torch_operations.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);

const operations: Record<string, (...given: never[]) => Tensor> = {
  ...{ averagePool2d, gelu, l2Normalize, logSoftmax, matmul, max, maxPool2d, min, pow },
  layerNorm: (x: Tensor, gamma: Tensor, beta: Tensor, options: object) => layerNorm(x, { gamma, beta }, options),
  groupNorm: (x: Tensor, gamma: Tensor, beta: Tensor, options: { groups: number }) =>
    groupNorm(x, { gamma, beta }, options),
};

const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());

const floats = ({ data }: Kept) => {
  const bytes = Buffer.from(data, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
};

it.each(lines.map((line) => [line.name, line] as const))('%s is what PyTorch computes', (_name, line) => {
  const operation = operations[line.op] as (...given: unknown[]) => Tensor;
  scope(() => {
    const inputs = line.inputs.map((kept) => tensor(runtime, floats(kept), kept.shape));
    const call = () => operation(...inputs, ...(line.options === null ? [] : [line.options]));
    const y = call();
    expect([...y.shape]).toEqual(line.y.shape);
    expectClose('output', y.data(), floats(line.y), 3e-6);
    const upstream = tensor(runtime, floats(line.dy), line.dy.shape);
    const found = gradients(() => ({ loss: call() }), inputs, upstream).gradients;
    for (const [i, kept] of line.gradients.entries()) {
      expectClose(`gradient ${i}`, found[i]!.data(), floats(kept), 5e-6);
      found[i]!.dispose();
    }
  });
});
