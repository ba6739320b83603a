/** Watching the kernels of one runtime as they are called, which a trace of every operation needs. */
import type { Runtime } from '../runtime/index.js';
import type { Tensor } from '../tensor/index.js';

/** Told after each kernel, with its tensors in the order of the kernel's contract, null where not given. */
export type KernelObserver = (kernel: string, tensors: readonly (Tensor | null)[]) => void;

const observers = new WeakMap<Runtime, KernelObserver>();

/** @internal Who watches this runtime. */
export const observerOf = (runtime: Runtime): KernelObserver | undefined => observers.get(runtime);

/** Lets `observer` watch every kernel of a runtime from now on, or nobody; it takes the place of the one before. */
export function observeKernels(runtime: Runtime, observer: KernelObserver | null): void {
  if (observer === null) observers.delete(runtime);
  else observers.set(runtime, observer);
}
