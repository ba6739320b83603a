/** What the contracts of kernels state, as the addon tells it. */

/** A tensor of a kernel, as its contract states it. */
export interface KernelTensor {
  name: string;
  /** Whether the kernel writes it. */
  output: boolean;
  /** Whether a call may leave it out. */
  optional: boolean;
  /** Whether axis 0 counts samples, and a sample's values depend on that sample alone. */
  bySample: boolean;
}

/**
 * The rule of docs/contract.md that a kernel's sums follow in deterministic mode: 'chain' rule 1, 'positions' rules 2 and 3,
 * 'samples' rule 3, 'memory' rule 4, 'memoryOfSamples' rules 4 and 3; 'none' where nothing is summed in an order that could
 * be seen.
 */
export type SumOrder = 'none' | 'chain' | 'positions' | 'samples' | 'memory' | 'memoryOfSamples';

/**
 * What one task of atomic mode on the CPU adds to a value. 'sample': task t adds sample t. 'sampleRun': consecutive samples,
 * a power of two of them in every task. 'sampleGroup': one of `parts` groups of consecutive samples. 'rows': several rows of
 * dy, each by itself. 'chunks': `parts` chunks of positions, joined where no arrival can be watched. 'unknown': the number of
 * the task does not tell.
 */
export type TaskPart = 'unknown' | 'sample' | 'sampleRun' | 'sampleGroup' | 'rows' | 'chunks';

/** What a kernel's contract (`native/ops/<op>/<op>.h`) states of it. */
export interface KernelContract {
  /** Its tensors in order. */
  tensors: KernelTensor[];
  /** Names of its settings. */
  settings: string[];
  order: SumOrder;
  /** Devices of this build on which atomic mode adds its partial sums as they arrive: 'cpu', 'cuda', both or none. */
  arrival: string[];
  part: TaskPart;
  /** Groups or chunks, where `part` counts them; otherwise 0. */
  parts: number;
  /** Whether a device computes calls in a row with equal settings, on other tensors each, by one launch. */
  multiTensor: boolean;
}
