/** The seconds of an epoch of a training as it is: pictures to the device, every step, nothing hashed. One to warm up. */
import { modelEntry } from '../../../lib/models/index.js';
import { createRuntime } from '../../../lib/runtime/index.js';
import { openPictures } from './pictures.js';
import { answer, readTask } from './task.js';

const task = readTask();
const entry = modelEntry('gpu-check', task.model, task.imageSize);
const pictures = await openPictures(task);
const classes = pictures.classNames.length;
using runtime = createRuntime({ device: task.device, isa: task.isa, mode: task.mode });
using model = entry.build({ imageSize: task.imageSize, classes });
model.compile({ runtime, optimizer: entry.optimizer(), loss: entry.loss(classes), metrics: ['accuracy'], seed: 1001 });
const ends = [performance.now()];
await model.fit(pictures.train, {
  batchSize: task.batchSize,
  epochs: 1 + task.runs,
  callbacks: { onEpochEnd: () => void ends.push(performance.now()) },
});
const seconds = ends.slice(1).map((end, i) => (end - ends[i]!) / 1000);
answer({ target: runtime.target, samples: pictures.train.length, firstSeconds: seconds[0], seconds: seconds.slice(1) });
pictures.dispose();
