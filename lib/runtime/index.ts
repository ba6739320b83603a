/** Where and how to compute. */
export type { Arrival, KernelContract, KernelTensor, SumOrder, TaskPart } from '../addon/index.js';
export { bytesText, machineMemory, releaseArray } from './memory.js';
export {
  type Architecture,
  type Capabilities,
  capabilities,
  contractOf,
  createRuntime,
  type Device,
  devices,
  type Isa,
  isas,
  type Mode,
  modes,
  Runtime,
  type RuntimeOptions,
} from './runtime.js';
export { type ArrivalOptions, type ArrivalPlace, severalOrders, threadsGiven } from './sources.js';
