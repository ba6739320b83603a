/**
 * Fused rows: several kernels that go by samples run as one. A thread takes one sample through all of them, then the next
 * sample, so what one kernel hands to the next stays in its caches, and while it computes another thread may be moving memory.
 * Rows that follow each other are fused too, until anything else is asked of the runtime (native/runtime/README.md).
 */
import { ElidedBuffer, type KernelCall } from '../autograd/index.js';
import type { Runtime } from '../runtime/index.js';
import { type Shape, sizeOf, type Tensor } from '../tensor/index.js';
import { output, run } from './kernel.js';
import { interventionsOf, observerOf } from './observe.js';

/** From so many values of a sample on, what passes between two kernels is worth a row: 256 KiB, measured. */
const passingValues = 2 ** 16;

/**
 * Whether a row is run sample by sample. Not where somebody watches or reaches in between its calls, nor where sums are
 * joined as they arrive, which is done call by call.
 */
export function goesBySample(runtime: Runtime, between: Shape, weights = 0): boolean {
  const { device, mode, atomic, threads } = runtime;
  const [samples, ...sample] = between as [number, ...number[]];
  const ordered = device === 'cpu' && mode === 'deterministic' && atomic.length === 0;
  const watched = observerOf(runtime) !== undefined || interventionsOf(runtime) !== undefined;
  // With fewer samples than threads only parts of them would keep all threads busy.
  const enough = samples > 0 && samples >= threads;
  // Every sample packs the weights anew, and keeps a gradient of them.
  const values = sizeOf(sample);
  return ordered && !watched && enough && values >= passingValues && values >= weights;
}

/** Runs the calls on `runtime` as a fused row, whether that pays or not; rows right before and after it join it if they can. */
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

/** Runs the calls one after the other; what would be elided gets memory meanwhile. */
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
 * Runs a row of calls, sample by sample where that pays; the bits are the same. `like` is a tensor of its runtime, `between`
 * the shape of what one call hands to the next, `weights` the values of its largest weight.
 */
export function runRow(like: Tensor, between: Shape, calls: readonly KernelCall[], weights = 0): void {
  if (goesBySample(like.runtime, between, weights)) runEachSample(like.runtime, calls);
  else runInTurn(like, calls);
}
