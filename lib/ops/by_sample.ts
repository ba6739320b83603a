/**
 * Fused rows: several kernels that go by samples run as one. A thread takes one sample through all of them, then the next
 * sample. What one kernel hands to the next stays in the caches of the thread, and one thread computes while another moves
 * memory. Rows that follow each other are fused too, until the runtime is asked for anything else (native/runtime/README.md).
 */
import { ElidedBuffer, type KernelCall } from '../autograd/index.js';
import type { Runtime } from '../runtime/index.js';
import { type Shape, sizeOf, type Tensor } from '../tensor/index.js';
import { output, run } from './kernel.js';
import { interventionsOf, observerOf } from './observe.js';

/** The fewest values of a sample between two kernels that are worth a row: 256 KiB, measured. */
const passingValues = 2 ** 16;

/**
 * Whether a row runs sample by sample. It does not where its calls are observed or intervened in, nor where sums are joined by
 * order of arrival: both are done call by call.
 */
export function goesBySample(runtime: Runtime, between: Shape, weights = 0): boolean {
  const { device, mode, atomic, threads } = runtime;
  const [samples, ...sample] = between as [number, ...number[]];
  const ordered = device === 'cpu' && mode === 'deterministic' && atomic.length === 0;
  const watched = observerOf(runtime) !== undefined || interventionsOf(runtime) !== undefined;
  // With fewer samples than threads, some threads would have nothing to do.
  const enough = samples > 0 && samples >= threads;
  // Every sample packs the weights again, and has a gradient of them of its own.
  const values = sizeOf(sample);
  return ordered && !watched && enough && values >= passingValues && values >= weights;
}

/** Runs the calls on `runtime` as a fused row, whether that pays or not. Rows right before and after join it if they can. */
export function runEachSample(runtime: Runtime, calls: readonly KernelCall[]): void {
  const elided = [
    ...new Set(calls.flatMap(({ tensors }) => tensors.filter((tensor) => tensor instanceof ElidedBuffer))),
  ];
  runtime.runBySample(
    calls.map(({ kernel, tensors, settings }) => ({
      kernel,
      settings,
      tensors: tensors.map((tensor) => {
        if (tensor instanceof ElidedBuffer)
          return { passing: elided.indexOf(tensor) + 1, dtype: 0, shape: tensor.shape };
        return tensor?.native() ?? null;
      }),
    })),
  );
}

/** Runs the calls one after the other. Elided buffers get memory meanwhile. */
export function runInTurn(like: Tensor, calls: readonly KernelCall[]): void {
  const memory = new Map<ElidedBuffer, Tensor>();
  const real = (tensor: Tensor | ElidedBuffer | null) => {
    if (!(tensor instanceof ElidedBuffer)) return tensor;
    if (!memory.has(tensor)) memory.set(tensor, output(like, tensor.shape));
    return memory.get(tensor)!;
  };
  for (const { kernel, tensors, settings } of calls) run(kernel, tensors.map(real), settings);
  for (const tensor of memory.values()) tensor.dispose();
}

/**
 * Runs a row of calls, sample by sample where that pays. The bits are the same either way. `like` is a tensor of the runtime,
 * `between` the shape of what one call hands to the next, `weights` the number of values in the largest weight.
 */
export function runRow(like: Tensor, between: Shape, calls: readonly KernelCall[], weights = 0): void {
  if (goesBySample(like.runtime, between, weights)) runEachSample(like.runtime, calls);
  else runInTurn(like, calls);
}
