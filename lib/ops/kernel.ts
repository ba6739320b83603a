/** What operations share: how they run kernels, make outputs and check tensors. */
import type { NativeSettings } from '../addon/index.js';
import { DtypeError, ShapeError, show, TargetError } from '../errors/index.js';
import type { Runtime } from '../runtime/index.js';
import { type Dtype, type Shape, sameShape, Tensor } from '../tensor/index.js';
import { interventionsOf, observerOf } from './observe.js';

/** Runs a kernel on the runtime of its tensors. They are in the order of the kernel's contract, null where not given. */
export function run(kernel: string, tensors: readonly (Tensor | null)[], settings: NativeSettings = {}): void {
  const runtime = runtimeOf(kernel, tensors);
  const interventions = interventionsOf(runtime);
  for (const { before } of interventions ?? []) before?.(kernel, tensors, settings);
  runtime.run(
    kernel,
    tensors.map((tensor) => tensor?.native() ?? null),
    settings,
  );
  for (const { after } of interventions ?? []) after?.(kernel, tensors, settings);
  observerOf(runtime)?.(kernel, tensors, settings);
}

/** The runtime of these tensors. Throws TargetError when they have several. */
export function runtimeOf(who: string, tensors: readonly (Tensor | null)[]): Runtime {
  const given = tensors.filter((tensor) => tensor !== null);
  const first = given[0]!.runtime;
  const other = given.find((tensor) => tensor.runtime !== first);
  if (other !== undefined) {
    throw new TargetError({
      who,
      expected: `all tensors of one runtime (${first.target})`,
      got: `one of another runtime (${other.runtime.target})`,
    });
  }
  return first;
}

/** A tensor on the runtime of `like`, to be filled by a kernel. */
export function output(like: Tensor, shape: Shape = like.shape, dtype: Dtype = 'float32'): Tensor {
  return Tensor.empty(like.runtime, shape, dtype);
}

/** Throws DtypeError unless the tensor has this dtype. */
export function expectDtype(who: string, name: string, tensor: Tensor, dtype: Dtype = 'float32'): void {
  if (tensor.dtype !== dtype) throw new DtypeError({ who, expected: `${name} of ${dtype}`, got: tensor.dtype });
}

/** Throws ShapeError unless the tensor has this many axes. */
export function expectRank(who: string, name: string, tensor: Tensor, rank: number, axes: string): void {
  if (tensor.rank !== rank) {
    throw new ShapeError({ who, expected: `${name} with ${rank} axes (${axes})`, got: show([...tensor.shape]) });
  }
}

/** Throws ShapeError unless both tensors have the same shape. */
export function expectSameShape(who: string, name: string, tensor: Tensor, shape: Shape): void {
  if (!sameShape(tensor.shape, shape)) {
    throw new ShapeError({ who, expected: `${name} ${show([...shape])}`, got: show([...tensor.shape]) });
  }
}
