// Memory is owned by native code: freed by dispose, by the end of a scope, or by the garbage collector, and held as
// long as a call needs it.

import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { native } from '../../lib/addon/index.js';
import { add, createRuntime, gradients, multiply, relu, scope, sum, tensor, zeros } from '../../lib/index.js';
import { runChild } from '../support/child.js';
import { expectRefusal, floats, valuesOf, withRuntime } from './door.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('dispose', () => {
  it('gives memory back to the runtime at once, and again does nothing', () => {
    using runtime = createRuntime({ threads: 1 });
    const x = zeros(runtime, [1000]);
    expect(runtime.memory()).toMatchObject({ blocks: 1 });
    x.dispose();
    x.dispose();
    expect(runtime.memory()).toMatchObject({ inUse: 0, blocks: 0 });
  });

  it('leaves memory alive while a reshaped view needs it', () => {
    using runtime = createRuntime({ threads: 1 });
    const x = tensor(runtime, [1, 2, 3, 4]);
    const view = x.reshape([2, 2]);
    x.dispose();
    expect([...view.data()]).toEqual([1, 2, 3, 4]);
    view.dispose();
    expect(runtime.memory().blocks).toBe(0);
  });

  it('of a runtime leaves its living tensors readable', () => {
    const runtime = createRuntime({ threads: 2 });
    const x = tensor(runtime, [5, 6]);
    runtime.dispose();
    expect([...x.data()]).toEqual([5, 6]);
    x.dispose();
  });

  it('of a tensor during an asynchronous call does not take its memory away', async () => {
    const runtime = native.createRuntime('scalar', 'deterministic', 1);
    const [x, y] = [floats(runtime, new Array(100_000).fill(-3)), floats(runtime, new Array(100_000).fill(1))];
    const running = native.runAsync(runtime, 'relu.forward', [x, y], {});
    x.storage.dispose();
    await running;
    expect(new Set(valuesOf(y))).toEqual(new Set([0]));
    runtime.dispose();
  });
});

describe('release', () => {
  it('takes the memory of an array away, whoever made it, and again does nothing', async () => {
    const decoded = await sharp({ create: { width: 5, height: 4, channels: 3, background: 'red' } })
      .raw()
      .toBuffer();
    for (const values of [new Float32Array(1000), new Uint8Array(7), decoded]) {
      native.release(values);
      expect([values.length, values.buffer.byteLength]).toEqual([0, 0]);
      native.release(values);
    }
  });

  it('leaves what others may show', () => {
    const whole = Uint8Array.of(1, 2, 3, 4);
    native.release(whole.subarray(1));
    native.release(whole.subarray(0, 3));
    expect([...whole]).toEqual([1, 2, 3, 4]);
  });

  it('refuses what is no array', () => {
    const message = 'release: expected a typed array, got something else';
    expectRefusal(() => native.release({} as never), 'ARGUMENT', message);
    expectRefusal(() => native.release(new DataView(new ArrayBuffer(4))), 'ARGUMENT', message);
  });
});

describe('leaks', () => {
  it('thousands of create and dispose cycles leave native memory as it was', () => {
    using runtime = createRuntime({ threads: 1 });
    const cycle = () => tensor(runtime, [1, 2, 3]).dispose();
    cycle();
    const before = runtime.memory();
    for (let i = 0; i < 20_000; ++i) cycle();
    expect(runtime.memory()).toEqual(before);
  });

  it('thousands of forward and backward steps in scopes leave no block behind', () => {
    using runtime = createRuntime({ threads: 2 });
    const w = tensor(
      runtime,
      Float32Array.from({ length: 500 }, (_, i) => i - 250),
    );
    const step = () => {
      const { gradients: found, value } = gradients(() => ({ loss: sum(relu(multiply(add(w, w), w))) }), [w]);
      for (const one of [value.loss, ...found]) one?.dispose();
    };
    step();
    const before = runtime.memory();
    for (let i = 0; i < 3000; ++i) scope(step);
    expect(runtime.memory()).toEqual(before);
    w.dispose();
  });

  it('a step that throws inside a scope leaves no block behind', () => {
    using runtime = createRuntime({ threads: 1 });
    expect(() =>
      scope(() => {
        zeros(runtime, [10]);
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(runtime.memory().blocks).toBe(0);
  });

  it('hundreds of runtimes with threads leave the process at the size it had', async () => {
    const script = new URL('./cycles_child.ts', import.meta.url);
    const { before, after } = JSON.parse(await runChild(script, [])) as { before: number; after: number };
    expect(after - before).toBeLessThan(24 * 2 ** 20);
  });

  it('a forgotten tensor is freed by the garbage collector', async () => {
    using runtime = createRuntime({ threads: 1 });
    for (let i = 0; i < 50; ++i) zeros(runtime, [1000]);
    for (let i = 0; i < 50 && runtime.memory().blocks > 0; ++i) {
      collectGarbage();
      await wait(5);
    }
    expect(runtime.memory().blocks).toBe(0);
  });
});

describe('outputs and inputs', () => {
  it('write and read copy: the array and the tensor stay apart', () => {
    withRuntime((runtime) => {
      const values = Float32Array.of(1, 2);
      const storage = native.allocate(runtime, 8);
      native.write(storage, values, 0);
      values[0] = 9;
      const tensorOf = { storage, dtype: 0, shape: [2] };
      const read = valuesOf(tensorOf);
      read[1] = 9;
      expect(valuesOf(tensorOf)).toEqual([1, 2]);
    });
  });
});
