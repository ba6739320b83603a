// The places where cases are run: every target, with one thread and with three, and every deterministic one sample by sample.

import type { NativePassing, NativeSettings, NativeTensor } from '../../lib/addon/index.js';
import { Runtime } from '../../lib/index.js';
import { targets } from './targets.js';
import { conditions, testRuntime } from './test_runtime.js';

/** Kernels that go by samples: which of their tensors is a float32 input that does, and which an output, if one is. */
const rows: Record<string, { output: number | null }> = {
  'add.forward': { output: 2 },
  'batch_norm.forward': { output: 5 },
  'batch_norm.inputGradient': { output: 9 },
  'batch_norm.parameterGradient': { output: null },
  'batch_norm.statistics': { output: null },
  'conv2d.biasGradient': { output: null },
  'conv2d.forward': { output: 3 },
  'conv2d.inputGradient': { output: 2 },
  'conv2d.weightGradient': { output: null },
  'depthwise_conv2d.forward': { output: 2 },
  'depthwise_conv2d.inputGradient': { output: 2 },
  'depthwise_conv2d.weightGradient': { output: null },
  'max_pool2d.forward': { output: 1 },
  'max_pool2d.inputGradient': { output: 3 },
  'rescaling.forward': { output: 1 },
};

/** The sum of a tensor and itself, which nobody reads. */
const doubled = (tensor: NativeTensor, passing: number) => ({
  kernel: 'add.forward',
  tensors: [tensor, tensor, { passing, dtype: 0, shape: tensor.shape } satisfies NativePassing],
  settings: {},
});

/**
 * A runtime that runs every kernel in a row where it can: behind a call that reads its input, and before one that reads its
 * output, so that this is copied for it.
 */
class BySampleRuntime extends Runtime {
  override run(kernel: string, tensors: (NativeTensor | null)[], settings: NativeSettings): void {
    const row = rows[kernel];
    const input = tensors.find((tensor) => tensor?.dtype === 0);
    if (row === undefined || !input || input.shape.length === 0) {
      super.run(kernel, tensors, settings);
      return;
    }
    const output = row.output === null ? null : tensors[row.output];
    this.runBySample([
      doubled(input, 1),
      { kernel, tensors, settings },
      ...(output && output.storage !== input.storage ? [doubled(output, 2)] : []),
    ]);
  }
}

export interface Place {
  name: string;
  runtime: Runtime;
  exact: boolean;
}

export function places(): Place[] {
  return targets.flatMap(({ name, isa, mode }): Place[] => {
    const exact = mode === 'deterministic';
    const whole = (exact ? [1, 3] : [3]).map((threads) => ({
      name: `${name}, ${threads} threads`,
      runtime: testRuntime({ isa, mode, threads }),
      exact,
    }));
    if (!exact) return whole;
    const runtime = new BySampleRuntime({ isa, threads: 2 }, conditions);
    return [...whole, { name: `${name}, sample by sample`, runtime, exact }];
  });
}
