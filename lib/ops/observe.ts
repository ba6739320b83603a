/**
 * Observers and interventions. A trace observes the kernels of a runtime as they are called. A replay and a planted fault
 * intervene: they read or change tensors before and after a kernel.
 */
import type { NativeSettings } from '../addon/index.js';
import type { Runtime } from '../runtime/index.js';
import type { Tensor } from '../tensor/index.js';

/** Gets the name of a kernel, its tensors in the order of its contract, null where not given, and its settings. */
export type KernelObserver = (kernel: string, tensors: readonly (Tensor | null)[], settings: NativeSettings) => void;

/** What is done at each kernel. The kernel sees what `before` changes, the observer what `after` changes. */
export interface Intervention {
  before?: KernelObserver;
  after?: KernelObserver;
}

const observers = new WeakMap<Runtime, KernelObserver>();
const interventions = new WeakMap<Runtime, readonly Intervention[]>();

/** @internal The observer of a runtime. */
export const observerOf = (runtime: Runtime): KernelObserver | undefined => observers.get(runtime);

/** @internal The interventions on a runtime. */
export const interventionsOf = (runtime: Runtime): readonly Intervention[] | undefined => interventions.get(runtime);

/** Sets the observer of every kernel of a runtime from now on; null for none. It replaces the one before. */
export function observeKernels(runtime: Runtime, observer: KernelObserver | null): void {
  if (observer === null) observers.delete(runtime);
  else observers.set(runtime, observer);
}

/** Adds an intervention at every kernel of a runtime from now on. The function that is returned removes it. */
export function interveneInKernels(runtime: Runtime, intervention: Intervention): () => void {
  interventions.set(runtime, [...(interventions.get(runtime) ?? []), intervention]);
  return () => {
    const left = (interventions.get(runtime) ?? []).filter((other) => other !== intervention);
    if (left.length === 0) interventions.delete(runtime);
    else interventions.set(runtime, left);
  };
}
