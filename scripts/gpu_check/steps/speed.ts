/**
 * Steps of one network in both modes, turn by turn in one process, and then each large kernel of a deterministic step by
 * itself, with its share of the peaks.
 */
import { type NetworkName, Training } from '../../../bench/models/network.js';
import { callKey, type KernelCall, record } from '../../../bench/recorder.js';
import { workOf } from '../../../bench/work.js';
import { createRuntime, modes, type Runtime } from '../../../lib/runtime/index.js';
import { tensor } from '../../../lib/tensor/index.js';
import { answer, readTask } from './task.js';

const task = readTask();
const kWarmUp = 3;
const now = () => performance.now() / 1000;

function timed(work: () => void): number {
  const start = now();
  work();
  return now() - start;
}

/** Waits until the device has done all that was asked of it: reading a value does. */
function waiter(runtime: Runtime): () => void {
  const value = tensor(runtime, [0]);
  return () => {
    value.data();
  };
}

/** Seconds of one call: as many as fill a twentieth of a second, and one wait at the end. */
function secondsOf(call: KernelCall, wait: () => void): number {
  const once = timed(() => {
    call.again();
    wait();
  });
  const count = Math.min(200, Math.max(3, Math.ceil(0.05 / once)));
  const all = timed(() => {
    for (let i = 0; i < count; i += 1) call.again();
    wait();
  });
  return all / count;
}

/** The kernels of a step that do more than a fiftieth of its arithmetic, those that take longest first. */
function kernels(runtime: Runtime, step: () => void) {
  const { calls, release } = record(runtime, step);
  const works = calls.map((call) => ({ call, work: workOf(call) }));
  const total = works.reduce((sum, { work }) => sum + work.flops, 0);
  const large = new Map(
    works.filter(({ work }) => work.flops > total / 50).map((one) => [callKey(one.call), one] as const),
  );
  const wait = waiter(runtime);
  const rows = [...large.values()].map(({ call, work: { flops, bytes } }) => {
    secondsOf(call, wait);
    const seconds = secondsOf(call, wait);
    const { peakFlops, peakBytes } = task;
    return {
      kernel: call.kernel,
      shapes: call.slots.flatMap((slot) => (slot === null ? [] : [slot.shape])),
      seconds,
      flops,
      bytes,
      shareOfPeakFlops: peakFlops > 0 ? flops / seconds / peakFlops : null,
      shareOfPeakBytes: peakBytes > 0 ? bytes / seconds / peakBytes : null,
    };
  });
  release();
  return rows.sort((a, b) => b.seconds - a.seconds);
}

const size = { batch: task.batchSize, size: task.imageSize, augmentation: true };
const running = modes.map((mode) => {
  const runtime = createRuntime({ device: task.device, isa: task.isa, mode });
  const training = new Training(runtime, task.model as NetworkName, size);
  return { mode, runtime, training, seconds: [] as number[] };
});
for (const { training } of running) for (let i = 0; i < kWarmUp; i += 1) training.step();
for (let turn = 0; turn < task.steps; turn += 1) {
  for (const { training, seconds } of turn % 2 === 0 ? running : running.toReversed()) {
    seconds.push(timed(() => training.step()));
  }
}
const steps = Object.fromEntries(
  running.map(({ mode, runtime, seconds }) => [mode, { target: runtime.target, seconds, memory: runtime.memory() }]),
);
const [deterministic] = running;
const large = kernels(deterministic!.runtime, () => deterministic!.training.step());
answer({
  model: task.model,
  batch: task.batchSize,
  imageSize: task.imageSize,
  augmentation: true,
  steps,
  kernels: large,
});
for (const { training, runtime } of running) {
  training.dispose();
  runtime.dispose();
}
