/** Layers as torchvision sets them up in its residual networks, under the names of its modules. */
import {
  activation,
  batchNormalization,
  conv2d,
  dense,
  globalAveragePooling2d,
  type InitializerOption,
  initializers,
  maxPooling2d,
  type Symbolic,
} from '../layers/index.js';
import type { Plan } from './options.js';

/** Normal of variance 2 / fanOut, as torchvision begins the convolutions of its residual networks. */
export const heFanOut = (): InitializerOption =>
  initializers.varianceScaling({ scale: 2, mode: 'fan_out', distribution: 'untruncated_normal' });

/** A convolution without bias; zeros on all four sides leave as many places as there are strides. */
export function convolution(
  x: Symbolic,
  filters: number,
  how: { name: string; size: 1 | 3 | 7; strides?: number; initializer?: InitializerOption },
): Symbolic {
  const { name, size, strides = 1, initializer = heFanOut() } = how;
  const border = (size - 1) / 2;
  const padding = [border, border, border, border] as const;
  const common = { kernelSize: size, strides, padding, useBias: false, kernelInitializer: initializer, name };
  return conv2d({ filters, ...common }).apply(x);
}

/** Batch normalization with PyTorch's epsilon, momentum and unbiased moving variance. */
export const normalized = (x: Symbolic, name: string): Symbolic =>
  batchNormalization({ epsilon: 1e-5, momentum: 0.9, movingVariance: 'unbiased', name }).apply(x);

export const relu = (x: Symbolic, name: string): Symbolic => activation({ activation: 'relu', name }).apply(x);

/** The mean of each channel and the last layer, which begins as PyTorch's Linear does. */
export function classified(x: Symbolic, { classes, activation }: Plan, name: string): Symbolic {
  const means = globalAveragePooling2d({ name: 'avgpool' }).apply(x);
  const first = initializers.torchUniform({ fanIn: means.shape[0]! });
  return dense({ units: classes, activation, kernelInitializer: first, biasInitializer: first, name }).apply(means);
}

/** What goes past a block: x, or a convolution of single places where rows, columns or channels become others. */
export function shortcut(x: Symbolic, filters: number, strides: number, prefix: string): Symbolic {
  if (strides === 1 && x.shape[2] === filters) return x;
  return normalized(
    convolution(x, filters, { name: `${prefix}.downsample.0`, size: 1, strides }),
    `${prefix}.downsample.1`,
  );
}

/** A block of a residual network: filters inside, strides, and what the names of its layers begin with. */
export type Block = (x: Symbolic, filters: number, strides: number, prefix: string) => Symbolic;

/** torchvision's ResNet: a convolution of size 7, four groups of blocks, and the last layer `fc`. */
export function torchResidual(plan: Plan, block: Block, counts: readonly number[]): Symbolic {
  const { filters } = plan;
  let x = convolution(plan.x, filters(64), { name: 'conv1', size: 7, strides: 2 });
  x = relu(normalized(x, 'bn1'), 'relu');
  x = maxPooling2d({ poolSize: 3, strides: 2, padding: [1, 1, 1, 1], name: 'maxpool' }).apply(x);
  for (const [group, count] of counts.entries()) {
    for (let i = 0; i < count; i++) {
      const strides = group > 0 && i === 0 ? 2 : 1;
      x = block(x, filters(64 * 2 ** group), strides, `layer${group + 1}.${i}`);
    }
  }
  return classified(x, plan, 'fc');
}
