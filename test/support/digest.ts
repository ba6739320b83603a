// The SHA-256 of a case's results, as docs/contract.md hashes tensors: a JSON line of name, dtype and shape, then
// the little-endian bytes with every NaN as 0x7fc00000.

import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import type { Floats } from '../cases/case.js';
import type { CaseResult } from './run_case.js';

function bytes(data: Float32Array): Uint8Array {
  const bits = new Uint32Array(data.slice().buffer);
  for (let i = 0; i < bits.length; ++i) if (Number.isNaN(data[i])) bits[i] = 0x7fc00000;
  const own = Buffer.from(bits.buffer);
  return endianness() === 'LE' ? own : own.swap32();
}

/** `sha256:...` over a case's output and gradients, in order. */
export function digestOf({ y, gradients }: CaseResult): string {
  const hash = createHash('sha256');
  const add = (name: string, { shape, data }: Floats) => {
    hash.update(`${JSON.stringify([name, 'float32', shape])}\n`).update(bytes(data));
  };
  add('y', y);
  gradients.forEach((gradient, i) => {
    if (gradient) add(`gradient${i}`, gradient);
  });
  return `sha256:${hash.digest('hex')}`;
}
