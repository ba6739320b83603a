/**
 * Watching the kernels of one runtime as they are called, which a trace of every operation needs, and reaching in
 * between them, which a fault put in on purpose and a replay need.
 */
import type { NativeSettings } from '../addon/index.js';
import type { Runtime } from '../runtime/index.js';
import type { Tensor } from '../tensor/index.js';

/** Told of a kernel, with its tensors in the order of the kernel's contract, null where not given, and its settings. */
export type KernelObserver = (kernel: string, tensors: readonly (Tensor | null)[], settings: NativeSettings) => void;

/** What is done at each kernel. What `after` changes is seen by whoever observes, what `before` changes by the kernel. */
export interface Intervention {
  before?: KernelObserver;
  after?: KernelObserver;
}

const observers = new WeakMap<Runtime, KernelObserver>();
const interventions = new WeakMap<Runtime, readonly Intervention[]>();

/** @internal Who watches this runtime. */
export const observerOf = (runtime: Runtime): KernelObserver | undefined => observers.get(runtime);

/** @internal Who reaches in on this runtime. */
export const interventionsOf = (runtime: Runtime): readonly Intervention[] | undefined => interventions.get(runtime);

/** Lets `observer` watch every kernel of a runtime from now on, or nobody; it takes the place of the one before. */
export function observeKernels(runtime: Runtime, observer: KernelObserver | null): void {
  if (observer === null) observers.delete(runtime);
  else observers.set(runtime, observer);
}

/** Reaches in at every kernel of a runtime from now on, beside those who do already; the answer ends it. */
export function interveneInKernels(runtime: Runtime, intervention: Intervention): () => void {
  interventions.set(runtime, [...(interventions.get(runtime) ?? []), intervention]);
  return () => {
    const left = (interventions.get(runtime) ?? []).filter((other) => other !== intervention);
    if (left.length === 0) interventions.delete(runtime);
    else interventions.set(runtime, left);
  };
}
