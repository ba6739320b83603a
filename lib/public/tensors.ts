/** Where and on what is computed: runtimes, tensors, scopes, random numbers. */
export type { Arrival, KernelContract, KernelTensor, SumOrder, TaskPart } from '../addon/index.js';
export { type Sequence, type StreamName, shuffle, streams } from '../random/index.js';
export {
  type ArrivalOptions,
  type Capabilities,
  capabilities,
  createRuntime,
  type Device,
  type Isa,
  type Mode,
  Runtime,
  type RuntimeOptions,
} from '../runtime/index.js';
export {
  type Dtype,
  full,
  keep,
  type Nested,
  type NumberArray,
  ones,
  type Shape,
  scope,
  Tensor,
  type TensorData,
  tensor,
  zeros,
} from '../tensor/index.js';
