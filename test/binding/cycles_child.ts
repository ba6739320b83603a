// The child of ownership.test.ts: prints the resident size before and after hundreds of runtimes and tensors.

import { createRuntime, tensor } from '../../lib/index.js';

const values = new Float32Array(250_000);

function cycle(): void {
  const runtime = createRuntime({ threads: 3 });
  const x = tensor(runtime, values);
  x.dispose();
  runtime.dispose();
}

const settle = () => (globalThis as unknown as { gc(): void }).gc();
for (let i = 0; i < 50; ++i) cycle();
settle();
const before = process.memoryUsage().rss;
for (let i = 0; i < 400; ++i) cycle();
settle();
console.log(JSON.stringify({ before, after: process.memoryUsage().rss }));
