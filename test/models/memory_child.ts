// The child of memory.test.ts: three training steps of the model named first, at full size; prints memory as JSON.

import { peakMemoryMiB } from '../../bench/models/peak_memory.js';
import { createRuntime } from '../../lib/index.js';
import { modelEntry } from '../../lib/models/index.js';

const name = process.argv[2]!;
const [batch, side, steps] = [32, 180, 3];
using runtime = createRuntime({ threads: 2 });
const entry = modelEntry('memory', name, side);
using model = entry.build({ imageSize: side, classes: 2 });
model.compile({ runtime, loss: entry.loss(2), metrics: ['accuracy'] });
const x = new Uint8Array(steps * batch * side * side * 3).map((_, i) => (i * 31) % 251);
const y = Float32Array.from({ length: steps * batch }, (_, i) => i % 2);
const held: number[] = [];
await model.fit({ x, y }, { callbacks: { onBatchEnd: () => void held.push(runtime.memory().held) } });
console.log(JSON.stringify({ peakMiB: peakMemoryMiB(), held }));
