/**
 * Fused rows: several kernels that go by samples run as one. A thread takes one sample through all of them, then the next
 * sample, so what one kernel hands to the next stays in its caches, and while it computes another thread may be moving memory.
 * Rows that follow each other are fused too, until anything else is asked of the runtime (native/runtime/README.md).
 */
import type { NativeSettings } from '../addon/index.js';
import { isRecording } from '../autograd/index.js';
import type { Runtime } from '../runtime/index.js';
import { type Shape, sizeOf, type Tensor } from '../tensor/index.js';
import { output, run } from './kernel.js';
import { interventionsOf, observerOf } from './observe.js';
import { noteSpent } from './relu_gradient.js';

/** An elided buffer: a float32 tensor that one call of a row writes and later ones read, and that never needs memory. */
export class Passing {
  constructor(readonly shape: Shape) {}
}

/** One call of a row, as `run` takes it. */
export interface SampleCall {
  kernel: string;
  tensors: readonly (Tensor | Passing | null)[];
  settings: NativeSettings;
}

const recipes = new WeakMap<Tensor, (into: Passing) => SampleCall>();

/** Notes how y is rematerialised: a call that reads only tensors saved for the gradient of what made y. */
export function noteRecipe(y: Tensor, recipe: (into: Passing) => SampleCall): void {
  recipes.set(y, recipe);
}

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
export function runEachSample(runtime: Runtime, calls: readonly SampleCall[]): void {
  const passing = [...new Set(calls.flatMap(({ tensors }) => tensors.filter((tensor) => tensor instanceof Passing)))];
  runtime.runBySample(
    calls.map(({ kernel, tensors, settings }) => ({
      kernel,
      settings,
      tensors: tensors.map((tensor) => {
        if (tensor instanceof Passing) return { passing: passing.indexOf(tensor) + 1, dtype: 0, shape: tensor.shape };
        return tensor?.native() ?? null;
      }),
    })),
  );
}

/** Runs the calls one after the other; what would be elided gets memory meanwhile. */
export function runInTurn(like: Tensor, calls: readonly SampleCall[]): void {
  const memory = new Map<Passing, Tensor>();
  const real = (tensor: Tensor | Passing | null) => {
    if (!(tensor instanceof Passing)) return tensor;
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
export function runRow(like: Tensor, between: Shape, calls: readonly SampleCall[], weights = 0): void {
  if (goesBySample(like.runtime, between, weights)) runEachSample(like.runtime, calls);
  else runInTurn(like, calls);
}

/**
 * Saves x for backward, or lets it be freed where its gradient's row can rematerialise it: computing it again in the caches is
 * cheaper than keeping it in memory. Returns what the gradient's row reads for x; where x was freed, a call that computes it
 * again comes first in the row.
 */
export function readLater(x: Tensor, between: Shape, weights: number): (row: SampleCall[]) => Tensor | Passing {
  const recipe = isRecording() && goesBySample(x.runtime, between, weights) ? recipes.get(x) : undefined;
  if (recipe === undefined) return () => x;
  noteSpent(x);
  return (row) => {
    if (!x.disposed) return x;
    const again = new Passing(x.shape);
    row.push(recipe(again));
    return again;
  };
}
