// The child of memory.test.ts: three training steps of keras_convnet at full size; prints memory as JSON.

import { createRuntime, kerasConvnet } from '../../lib/index.js';

const [batch, side, steps] = [32, 180, 3];
using runtime = createRuntime({ threads: 2 });
using model = kerasConvnet({ imageSize: side });
model.compile({ runtime, loss: 'binaryCrossentropy', metrics: ['accuracy'] });
const x = new Uint8Array(steps * batch * side * side * 3).map((_, i) => (i * 31) % 251);
const y = Float32Array.from({ length: steps * batch }, (_, i) => i % 2);
const held: number[] = [];
await model.fit({ x, y }, { callbacks: { onBatchEnd: () => void held.push(runtime.memory().held) } });
console.log(JSON.stringify({ peakMiB: process.resourceUsage().maxRSS / 1024, held }));
