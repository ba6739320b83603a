/**
 * Steps of one network in both modes, turn by turn in one process, and then each large kernel of a deterministic step by
 * itself, with its share of the peaks.
 */
import { Training } from '../../../bench/models/network.js';
import { callKey, type KernelCall, record } from '../../../bench/recorder.js';
import { workOf } from '../../../bench/work.js';
import { createRuntime, modes, type Runtime } from '../../../lib/runtime/index.js';
import { answer, readTask } from './task.js';

const task = readTask();
const kWarmUp = 3;
const now = () => performance.now() / 1000;

function timed(work: () => void): number {
  const start = now();
  work();
  return now() - start;
}

/** Seconds of work put before what is timed, so that a device has come to its full clock and never waits for this process. */
const kBefore = 0.3;
const kQueued = 0.004;

/**
 * Seconds of one call by the marks of the runtime, on a device those of its own clock: as many calls as fill a twentieth of a
 * second, behind others that keep the device at work while they are asked for.
 */
function secondsOf(runtime: Runtime, call: KernelCall): number {
  const calls = (count: number) => {
    for (let i = 0; i < count; i += 1) call.again();
  };
  const timedCalls = (before: number, count: number) => {
    calls(before);
    runtime.mark();
    calls(count);
    runtime.mark();
    return runtime.betweenMarks()[0]! / count;
  };
  const once = timedCalls(1, 3);
  const before = Math.min(200, Math.ceil(kQueued / once));
  return timedCalls(before, Math.min(200, Math.max(3, Math.ceil(0.05 / once))));
}

/** Repeats work for some time. */
function busy(work: () => void, seconds: number): void {
  for (const end = now() + seconds; now() < end; ) work();
}

/** The kernels of a step that do more than a fiftieth of its arithmetic, those that take longest first. */
function kernels(runtime: Runtime, step: () => void) {
  const { calls, release } = record(runtime, step);
  const works = calls.map((call) => ({ call, work: workOf(call) }));
  const total = works.reduce((sum, { work }) => sum + work.flops, 0);
  const large = new Map(
    works.filter(({ work }) => work.flops > total / 50).map((one) => [callKey(one.call), one] as const),
  );
  busy(step, kBefore);
  const rows = [...large.values()].map(({ call, work: { flops, bytes } }) => {
    const seconds = secondsOf(runtime, call);
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
  const training = new Training(runtime, task.model, size);
  return { mode, runtime, training, seconds: [] as number[] };
});
for (const { training } of running) for (let i = 0; i < kWarmUp; i += 1) training.step();
busy(() => running[0]!.training.step(), kBefore);
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
