/** Trains a network several times for some steps in one mode and prints how far the trained weights lie apart. */
import { compareRuns, type NamedTensor } from '../../../lib/divergence/index.js';
import { weightsOf } from '../../../lib/runs/index.js';
import { createRuntime } from '../../../lib/runtime/index.js';
import { openTask } from '../../../lib/tasks/index.js';
import { hashTensors, type StoredTensor } from '../../../lib/trace/index.js';
import { openPictures } from './pictures.js';
import { answer, readTask } from './task.js';

const task = readTask();
const pictures = await openPictures(task);
using runtime = createRuntime({ device: task.device, isa: task.isa, mode: task.mode });

/** The weights after `task.steps` steps. */
async function trained(): Promise<StoredTensor[]> {
  using opened = await openTask({ model: task.model, data: pictures, seed: 1001 });
  const model = opened.compile(runtime);
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
