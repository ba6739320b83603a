// Tensors larger than a machine, a double or an array of JavaScript: refused in words, or moved in parts.

import { constants } from 'node:buffer';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, type Dtype, ones, Tensor, tensor, zeros } from '../../../lib/index.js';
import { bytesText, machineMemory } from '../../../lib/runtime/index.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

const refusal = (make: () => unknown): string => {
  try {
    make();
    return 'made';
  } catch (error) {
    const { code, message } = error as Error & { code: string };
    return `${code} ${message}`;
  }
};

describe('a tensor', () => {
  it.each<[number[], Dtype]>([
    [[2 ** 40, 2 ** 40], 'uint8'],
    [[2 ** 53 - 1, 2 ** 53 - 1], 'float32'],
    [[2 ** 53 - 1, 2 ** 53 - 1, 0], 'float32'],
    [[0, 2 ** 40, 2 ** 40], 'int32'],
  ])('of shape %j is refused: its values cannot be counted', (shape, dtype) => {
    const message = `expected a shape of fewer than 2^53 values, got [${shape.join(', ')}]`;
    expect(refusal(() => Tensor.empty(runtime, shape, dtype))).toBe(`SHAPE tensor: ${message}`);
    expect(refusal(() => zeros(runtime, shape, dtype))).toBe(`SHAPE full: ${message}`);
    expect(refusal(() => tensor(runtime, [], shape))).toBe(`SHAPE tensor: ${message}`);
  });

  it('of more bytes than the machine has is refused before any is taken (drawn, seed 15038)', () => {
    const before = runtime.memory().held;
    const least = Math.ceil(Math.log2(machineMemory));
    const drawn = fc.record({ power: fc.integer({ min: least + 1, max: 52 }), cut: fc.nat(20) });
    fc.assert(
      fc.property(drawn, fc.constantFrom<Dtype>('float32', 'int32', 'uint8'), ({ power, cut }, dtype) => {
        const shape = [2 ** cut, 2 ** (power - cut)];
        const bytes = 2 ** power * (dtype === 'uint8' ? 1 : 4);
        const message =
          `NATIVE tensor: expected a tensor that fits into the ${bytesText(machineMemory)} of memory of this machine, ` +
          `got [${shape.join(', ')}] of ${bytesText(bytes)}`;
        expect(refusal(() => Tensor.empty(runtime, shape, dtype))).toBe(message);
        expect(refusal(() => ones(runtime, shape, dtype))).toBe(message);
      }),
      { seed: 15038, numRuns: 60 },
    );
    expect(runtime.memory().held).toBe(before);
  });

  it.each([
    [4, '4'],
    [null, 'null'],
    [[-1], '[-1]'],
    [[1.5], '[1.5]'],
    [[Number.NaN], '[NaN]'],
    [['2'], "['2']"],
  ])('of shape %j is refused', (shape, got) => {
    const message = `SHAPE tensor: expected a shape of at most 8 lengths >= 0, got ${got}`;
    expect(refusal(() => Tensor.empty(runtime, shape as never))).toBe(message);
  });

  it('of more values than one array holds gives them in parts, and says so', () => {
    // Nothing of it is touched but the parts that are written.
    const size = constants.MAX_LENGTH + 5;
    if (size > machineMemory) {
      expect(refusal(() => Tensor.empty(runtime, [size], 'uint8'))).toMatch(/^(?:NATIVE|SHAPE) tensor: /);
      return;
    }
    using x = Tensor.empty(runtime, [size], 'uint8');
    x.write(Uint8Array.of(1, 2, 3), size - 3);
    const part = new Uint8Array(3);
    x.read(part, size - 3);
    expect([...part]).toEqual([1, 2, 3]);
    const whole = refusal(() => x.data());
    expect(whole).toBe(
      `NATIVE data: expected values that one Uint8Array can hold, got ${size}; read them a part at a time: read(values, from)`,
    );
  });
});

describe('bytes in words', () => {
  it.each([
    [0, '0 bytes'],
    [1023, '1023 bytes'],
    [1024, '1.0 KiB'],
    [1536 * 1024, '1.5 MiB'],
    [2 ** 40, '1.0 TiB'],
    [2 ** 70, '1.0e+6 PiB'],
  ])('%d are %s', (bytes, words) => {
    expect(bytesText(bytes)).toBe(words);
  });
});
