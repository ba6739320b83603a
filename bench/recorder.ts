/**
 * Records the kernel calls of a piece of work, so that each can be timed by itself: forward and every gradient of an
 * operation, or all kernels of a training step. The memory the work made stays alive until `release`.
 */
import type { NativeSettings, NativeTensor } from '../lib/addon/index.js';
import { NativeError } from '../lib/errors/index.js';
import { observeKernels } from '../lib/ops/index.js';
import type { Runtime } from '../lib/runtime/index.js';
import { type Dtype, dtypes } from '../lib/tensor/index.js';

/** A tensor of a call, without its memory. */
export interface Slot {
  dtype: Dtype;
  shape: readonly number[];
}

/** One kernel call: what was called, on what, and how to make the same call again. */
export interface KernelCall {
  kernel: string;
  slots: readonly (Slot | null)[];
  settings: NativeSettings;
  again(): void;
}

export interface Recording {
  calls: readonly KernelCall[];
  /** Frees the memory of the recorded work; the calls must not be made afterwards. */
  release(): void;
}

/** What makes two calls cost the same: kernel, shapes and settings. */
export function callKey({ kernel, slots, settings }: Pick<KernelCall, 'kernel' | 'slots' | 'settings'>): string {
  const plain = Object.entries(settings).map(([name, value]) => [name, String(value)]);
  return JSON.stringify([kernel, slots, plain]);
}

/** Runs `work` with each kernel by itself: none is run sample by sample together with others, which nobody could time. */
function oneByOne(runtime: Runtime, work: () => void): void {
  observeKernels(runtime, () => {});
  try {
    work();
  } finally {
    observeKernels(runtime, null);
  }
}

/** Runs `work` on `runtime` and records its kernel calls, in order. Tensors made before must outlive the recording. */
export function record(runtime: Runtime, work: () => void): Recording {
  const calls: KernelCall[] = [];
  const frees: (() => void)[] = [];
  const { allocate, run } = runtime;
  runtime.allocate = (bytes) => {
    const storage = allocate.call(runtime, bytes);
    frees.push(storage.dispose.bind(storage));
    Object.defineProperty(storage, 'dispose', { value: () => {} });
    return storage;
  };
  runtime.run = (kernel, tensors, settings) => {
    run.call(runtime, kernel, tensors, settings);
    calls.push({
      kernel,
      slots: slotsOf(tensors),
      settings,
      again: () => {
        run.call(runtime, kernel, tensors, settings);
        runtime.finish();
      },
    });
  };
  try {
    oneByOne(runtime, work);
  } finally {
    runtime.allocate = allocate;
    runtime.run = run;
  }
  const release = () => {
    for (const free of frees.splice(0)) free();
  };
  return { calls, release };
}

/** A kernel call inside a longer piece of work, and how long it took. */
export interface TimedCall extends Pick<KernelCall, 'kernel' | 'slots' | 'settings'> {
  seconds: number;
}

/** A piece of work with each of its kernel calls, and how long it took in all. */
export interface TimedWork {
  seconds: number;
  calls: TimedCall[];
}

/** Several pieces of the same work, which make the same calls in the same order: the seconds of each, and of its calls. */
export interface Profile {
  seconds: number[];
  calls: (Omit<TimedCall, 'seconds'> & { seconds: number[] })[];
}

/** Works of the same calls as one profile, which names each call once. Throws NativeError when their calls differ. */
export function profileOf(works: readonly TimedWork[]): Profile {
  const first = works[0]?.calls ?? [];
  for (const { calls } of works) {
    if (calls.length === first.length && calls.every(({ kernel }, i) => kernel === first[i]!.kernel)) continue;
    const expected = `the ${first.length} calls of the first profile in each`;
    throw new NativeError({ who: 'bench', expected, got: `${calls.length} calls, or others` });
  }
  return {
    seconds: works.map(({ seconds }) => seconds),
    calls: first.map((call, i) => ({ ...call, seconds: works.map(({ calls }) => calls[i]!.seconds) })),
  };
}

const now = () => Number(process.hrtime.bigint()) * 1e-9;

/** Runs `work` on `runtime` once and times each of its kernel calls where it happens, with the caches as they are. */
export function timeKernels(runtime: Runtime, work: () => void): TimedWork {
  const calls: TimedCall[] = [];
  const { run } = runtime;
  runtime.run = (kernel, tensors, settings) => {
    runtime.finish();
    const begin = now();
    run.call(runtime, kernel, tensors, settings);
    runtime.finish();
    const seconds = now() - begin;
    calls.push({ kernel, slots: slotsOf(tensors), settings, seconds });
  };
  const start = now();
  try {
    oneByOne(runtime, work);
  } finally {
    runtime.run = run;
  }
  return { seconds: now() - start, calls };
}

const slotsOf = (tensors: readonly (NativeTensor | null)[]) =>
  tensors.map((tensor) => (tensor === null ? null : slot(tensor)));
const slot = ({ dtype, shape }: NativeTensor): Slot => ({ dtype: dtypes[dtype]!, shape });
