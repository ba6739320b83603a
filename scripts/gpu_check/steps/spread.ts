/** Trains a network several times for some steps in one mode and prints how far the trained weights lie apart. */
import { compareRuns, type NamedTensor } from '../../../lib/divergence/index.js';
import { modelEntry } from '../../../lib/models/index.js';
import { weightsOf } from '../../../lib/runs/index.js';
import { createRuntime } from '../../../lib/runtime/index.js';
import { hashTensors, type StoredTensor } from '../../../lib/trace/index.js';
import { openPictures } from './pictures.js';
import { answer, readTask } from './task.js';

const task = readTask();
const entry = modelEntry('gpu-check', task.model, task.imageSize);
const pictures = await openPictures(task);
const classes = pictures.classNames.length;
using runtime = createRuntime({ device: task.device, isa: task.isa, mode: task.mode });

/** The weights after `task.steps` steps. */
async function trained(): Promise<StoredTensor[]> {
  using model = entry.build({ imageSize: task.imageSize, classes });
  model.compile({ runtime, optimizer: entry.optimizer(), loss: entry.loss(classes), seed: 1001 });
  const enough = new AbortController();
  const onBatchEnd = ({ progress }: { progress: { step: number } }) => {
    if (progress.step === task.steps) enough.abort();
  };
  try {
    await model.fit(pictures.train, {
      batchSize: task.batchSize,
      signal: enough.signal,
      callbacks: { onBatchEnd },
    });
  } catch (error) {
    if (error !== enough.signal.reason) throw error;
  }
  return weightsOf(model);
}

const runs: StoredTensor[][] = [];
for (let run = 0; run < task.runs; run += 1) runs.push(await trained());
const hashes = runs.map((run) => hashTensors(run));
const divergence = compareRuns(runs as NamedTensor[][]);
answer({ target: runtime.target, steps: task.steps, hashes, distinct: new Set(hashes).size, divergence });
pictures.dispose();
