/** gather: places of a tensor along an axis, in the order of a list. */
import { type Backward, record } from '../autograd/index.js';
import { checkOptions } from '../errors/index.js';
import { type NumberArray, sizeOf, Tensor, tensor } from '../tensor/index.js';
import { axisOption } from './axes.js';
import { expectDtype, output, run, runtimeOf } from './kernel.js';
import { byPlace, placesOf } from './places.js';

/** What `gather` takes. */
export interface GatherOptions {
  /** The axis whose places are taken; a negative one counts from the end. Default 0. */
  axis?: number;
}

const who = 'gather';

/**
 * The places of x along an axis that `indices` name, in their order: a list, a typed array or an int32 tensor, whose shape stands in
 * the place of the axis; negative ones count from the end. x [n, c] with indices [k] gives [k, c]. A place that is named several times gets the sum of its gradients, in
 * the order of the list; one that is not named gets +0. Throws DtypeError unless x is float32 and a tensor of indices int32,
 * ArgumentError for a wrong axis and for the first index that is no integer from - the length of the axis to that length - 1.
 * Example: `gather(x, [2, 0, 2])`.
 */
export function gather(
  x: Tensor,
  indices: readonly number[] | NumberArray | Tensor,
  options: GatherOptions = {},
): Tensor {
  checkOptions(who, options, ['axis']);
  const { axis = 0 } = options;
  expectDtype(who, 'x', x);
  const along = axisOption(who, x.rank, axis);
  if (indices instanceof Tensor) runtimeOf(who, [x, indices]);
  const length = x.shape[along]!;
  const { places, shape } = placesOf(who, 'indices', indices, { length, fromEnd: true });
  const [before, behind] = [x.shape.slice(0, along), x.shape.slice(along + 1)];
  const settings = { rows: sizeOf(before), width: sizeOf(behind) };
  const withLists = (lists: readonly Int32Array[], use: (tensors: readonly Tensor[]) => void) => {
    const tensors = lists.map((list) => tensor(x.runtime, list));
    use(tensors);
    for (const each of tensors) each.dispose();
  };
  const y = output(x, [...before, ...shape, ...behind]);
  withLists([places], ([index]) => run('gather.forward', [x, index!, y], settings));
  const backward: Backward = (dy) => {
    const dx = output(x);
    const { order, starts } = byPlace(places, length);
    withLists([places, order, starts], (lists) => run('gather.inputGradient', [dy, ...lists, dx], settings));
    return [dx];
  };
  return record({ name: who, inputs: [x], output: y, reads: [], backward });
}
