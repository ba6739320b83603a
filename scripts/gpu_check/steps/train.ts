/**
 * Trains a network for one epoch, or for some of its steps, and prints, after each step, the loss, the hash of all weights and that of each, so
 * that two trainings can be compared while they run. The last line holds the target and the time.
 */

import { weightsOf } from '../../../lib/runs/index.js';
import { createRuntime } from '../../../lib/runtime/index.js';
import { openTask } from '../../../lib/tasks/index.js';
import { hashTensors } from '../../../lib/trace/index.js';
import { openPictures } from './pictures.js';
import { answer, readTask } from './task.js';

const task = readTask();
const pictures = await openPictures(task);
using runtime = createRuntime({ device: task.device, isa: task.isa, mode: task.mode });
using opened = await openTask({ model: task.model, data: pictures, seed: 1001 });
const model = opened.compile(runtime);

const enough = new AbortController();
const start = performance.now();
const fitted = model.fit(pictures.train, {
  batchSize: task.batchSize,
  signal: enough.signal,
  callbacks: {
    onBatchEnd: ({ progress, steps, loss }) => {
      if (progress.step === task.steps) enough.abort();
      const tensors = weightsOf(model);
      const weights = tensors.map((tensor) => [tensor.name, hashTensors([tensor]).slice(7, 23)]);
      answer({ step: progress.step, steps, loss, hash: hashTensors(tensors), weights: Object.fromEntries(weights) });
    },
  },
});
await fitted.catch((error: unknown) => {
  if (error !== enough.signal.reason) throw error;
});
const seconds = (performance.now() - start) / 1000;
answer({ target: runtime.target, seconds, parameters: model.countParams().trainable });
pictures.dispose();
