// The child of memory.test.ts: three training steps of the model named first, at full size; prints memory as JSON. It runs
// the built package, as a user's process does: compiling TypeScript here would cost more memory than a training.
import { existsSync, readFileSync } from 'node:fs';
import { createRuntime } from '../../dist/index.js';
import { buildModel, learningOf } from '../../dist/rooms/models.js';
import { modelNamed } from '../../dist/rooms/networks.js';

// The other counter, for systems without this file, starts at the size of the process that started this one.
const status = '/proc/self/status';
const peakKiB = () =>
  existsSync(status)
    ? Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync(status, 'utf8'))[1])
    : process.resourceUsage().maxRSS;

const name = process.argv[2];
const [batch, side, steps] = [32, 180, 3];
const runtime = createRuntime({ threads: 2 });
const definition = modelNamed('memory', name);
const targets = { kind: 'class', shape: [], classes: 2 };
const model = buildModel('memory', definition, { sampleShape: [side, side, 3], targets });
const { loss, metrics } = learningOf('memory', definition, model, targets);
model.compile({ runtime, loss, metrics });
const x = new Uint8Array(steps * batch * side * side * 3).map((_, i) => (i * 31) % 251);
const y = Float32Array.from({ length: steps * batch }, (_, i) => i % 2);
const held = [];
await model.fit({ x, y }, { callbacks: { onBatchEnd: () => void held.push(runtime.memory().held) } });
console.log(JSON.stringify({ peakMiB: peakKiB() / 1024, held }));
