/** Tensors, shapes and scopes. */
export { full, ones, tensor, zeros } from './create.js';
export { type Disposable, keep, scope } from './scope.js';
export {
  checkShape,
  type Dtype,
  dtypeArrays,
  dtypeBytes,
  dtypes,
  type Shape,
  sameShape,
  sizeOf,
  type TensorData,
} from './shape.js';
export { Tensor } from './tensor.js';
export {
  described,
  isFlat,
  isTyped,
  type Nested,
  type NumberArray,
  shapeOf,
  storable,
  valuesIn,
} from './values.js';
