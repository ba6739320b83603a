/** samebits: the public names, nothing else. */
export * from './data/index.js';
export * from './errors/index.js';
export * from './ops/index.js';
export {
  type Capabilities,
  capabilities,
  createRuntime,
  type Device,
  type Isa,
  type Mode,
  Runtime,
  type RuntimeOptions,
} from './runtime/index.js';
export {
  type Dtype,
  full,
  keep,
  ones,
  type Shape,
  scope,
  Tensor,
  type TensorData,
  tensor,
  zeros,
} from './tensor/index.js';
