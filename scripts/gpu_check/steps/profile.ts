/** One training step, for a profiler that looks at every kernel of it: those that make the first weights come before it. */
import { Training } from '../../../bench/models/network.js';
import { createRuntime } from '../../../lib/runtime/index.js';
import { answer, readTask } from './task.js';

const task = readTask();
using runtime = createRuntime({ device: task.device, isa: task.isa, mode: task.mode });
const size = { batch: task.batchSize, size: task.imageSize, augmentation: true };
using training = new Training(runtime, task.model, size);
answer({ target: runtime.target, loss: training.step() });
