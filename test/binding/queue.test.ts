// Calls are computed in the order in which they came while the caller goes on: memory that was let go and handed out again
// meanwhile gives what it gives when the caller waits for each call. Control: each call changes every value, so that one out of
// its place shows. A call that is refused when it is computed is told with the next question, and what came behind it is not
// computed.

import { describe, expect, it } from 'vitest';
import { add, createRuntime, multiply, type Runtime, type Tensor, tensor } from '../../lib/index.js';
import { expectSameBits } from '../support/bits.js';
import { runChild } from '../support/child.js';

const threadCounts = [1, 2, 3, 7];
const size = 70_001;
const values = Float32Array.from({ length: size }, (_, i) => Math.fround(1 + (i % 977) / 4096));

/** Hundreds of calls, each on what the call before gave, whose memory is let go at once. */
function chain(runtime: Runtime, calls: number, after: () => void): Float32Array {
  const x = tensor(runtime, values);
  let sum = tensor(runtime, values);
  const next = (y: Tensor) => {
    sum.dispose();
    sum = y;
    after();
  };
  for (let call = 0; call < calls; call += 2) {
    next(add(sum, x));
    next(multiply(sum, x));
  }
  const result = sum.data() as Float32Array;
  sum.dispose();
  x.dispose();
  return result;
}

describe.each(threadCounts)('with %i threads', (threads) => {
  it('calls nobody waits for give what calls give that are waited for', () => {
    using runtime = createRuntime({ threads });
    const waited = chain(runtime, 300, () => runtime.finish());
    for (let again = 0; again < 5; again += 1) {
      expectSameBits(
        'not waited for',
        chain(runtime, 300, () => {}),
        waited,
      );
    }
    const shorter = chain(runtime, 298, () => {});
    expect(shorter.every((value, i) => value !== waited[i])).toBe(true);
  });

  // A few bytes wait in the queue themselves; more of them are waited for.
  it.each([500, size])('%i values are written behind calls that read the same memory before', (count) => {
    using runtime = createRuntime({ threads });
    const some = values.subarray(0, count);
    for (let again = 0; again < 20; again += 1) {
      const x = tensor(runtime, some);
      const y = multiply(x, x);
      x.dispose();
      const zero = new Float32Array(count);
      const other = tensor(runtime, zero); // where x was
      zero.fill(1);
      expectSameBits(
        'y',
        y.data(),
        some.map((value) => Math.fround(value * value)),
      );
      expectSameBits('what was written', other.data(), new Float32Array(count));
      for (const one of [y, other]) one.dispose();
    }
  });

  it('a call that finds no memory is told of, and nothing behind it is computed', async () => {
    const script = new URL('./queue_child.ts', import.meta.url);
    expect(JSON.parse(await runChild(script, [String(threads)]))).toEqual({
      short: { told: 'conv2d: expected scratch memory, got none', values: [2, -1, -1] },
      enough: { told: 'nothing', values: [2, 2 ** 22, 3] },
    });
  });
});
