// Tensor.read and Tensor.write: values move whole between native memory and memory that fits; what does not is refused.

import { describe, expect, it } from 'vitest';
import { createRuntime, tensor } from '../../../lib/index.js';

describe('read', () => {
  it('copies the values into memory that is there, again and again', () => {
    using runtime = createRuntime({ threads: 1 });
    using x = tensor(runtime, new Float32Array([1, -0, 3]), [3]);
    const values = new Float32Array(3);
    x.read(values);
    expect([...values]).toEqual([1, -0, 3]);
    x.write(new Float32Array([4, 5, 6]));
    x.read(values);
    expect([...values]).toEqual([4, 5, 6]);
  });

  it('refuses another length and another type, in both directions', () => {
    using runtime = createRuntime({ threads: 1 });
    using x = tensor(runtime, new Float32Array([1, 2, 3]), [3]);
    expect(() => x.read(new Float32Array(2))).toThrow('read: expected 3 values, got 2');
    expect(() => x.read(new Int32Array(3))).toThrow('read: expected Float32Array, got Int32Array');
    expect(() => x.write(new Float32Array(4))).toThrow('write: expected 3 values, got 4');
    expect(() => x.write(new Uint8Array(3))).toThrow('write: expected Float32Array, got Uint8Array');
  });
});
