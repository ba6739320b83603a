/** The seconds of an epoch of a training as it is: pictures to the device, every step, nothing hashed. One to warm up. */

import { createRuntime } from '../../../lib/runtime/index.js';
import { openTask } from '../../../lib/tasks/index.js';
import { openPictures } from './pictures.js';
import { answer, readTask } from './task.js';

const task = readTask();
const pictures = await openPictures(task);
using runtime = createRuntime({ device: task.device, isa: task.isa, mode: task.mode });
using opened = await openTask({ model: task.model, data: pictures, seed: 1001 });
const model = opened.compile(runtime);
const ends = [performance.now()];
await model.fit(pictures.train, {
  batchSize: task.batchSize,
  epochs: 1 + task.runs,
  callbacks: { onEpochEnd: () => void ends.push(performance.now()) },
});
const seconds = ends.slice(1).map((end, i) => (end - ends[i]!) / 1000);
answer({ target: runtime.target, samples: pictures.train.length, firstSeconds: seconds[0], seconds: seconds.slice(1) });
pictures.dispose();
