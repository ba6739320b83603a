/** Inception V3 of Szegedy et al. (2016), with the layers, names and weights of Keras's. */
import {
  activation,
  averagePooling2d,
  batchNormalization,
  concatenate,
  conv2d,
  dense,
  globalAveragePooling2d,
  maxPooling2d,
  type Symbolic,
} from '../layers/index.js';
import { defineModel, type Model } from '../models/index.js';
import { modelOf, type NetworkOptions, pictureBuild, planOf } from './options.js';

const name = 'inception_v3';
const defaults = { imageSize: 299, channels: 3, classes: 1000, minimumSize: 75 };

/** A convolution without bias, its batch normalization without scale, relu: filters, size, and how it goes over the picture. */
type Row = readonly [filters: number, size: number | readonly [number, number], how?: 'half' | 'valid'];

/** Convolutions one behind the other; `half` takes every second place, without padding. */
type Chain = (x: Symbolic, rows: readonly Row[]) => Symbolic;

function chainOf(filters: (count: number) => number): Chain {
  return (x, rows) =>
    rows.reduce((y, [count, kernelSize, how]) => {
      const window = { strides: how === 'half' ? 2 : 1, padding: how === undefined ? 'same' : 'valid' } as const;
      const z = conv2d({ filters: filters(count), kernelSize, ...window, useBias: false }).apply(y);
      return activation({ activation: 'relu' }).apply(batchNormalization({ scale: false }).apply(z));
    }, x);
}

const half = () => maxPooling2d({ poolSize: 3, strides: 2 });
const smooth = () => averagePooling2d({ poolSize: 3, strides: 1, padding: 'same' });
const [wide, high] = [[1, 7] as const, [7, 1] as const];

/** Branches of convolutions over one picture, and one of a convolution of the averages around each place. */
function block(chain: Chain, x: Symbolic, name: string, branches: readonly (readonly Row[])[], pooled: number) {
  const made = branches.map((rows) => chain(x, rows));
  return concatenate({ name }).apply([...made, chain(smooth().apply(x), [[pooled, 1]])]);
}

/** Branches that end with half the rows and columns, and the largest value around each place. */
function reduction(chain: Chain, x: Symbolic, name: string, branches: readonly (readonly Row[])[]): Symbolic {
  const made = branches.map((rows) => chain(x, rows));
  return concatenate({ name }).apply([...made, half().apply(x)]);
}

/** Blocks whose branches themselves fork into a row and a column. */
function last(chain: Chain, x: Symbolic, i: number): Symbolic {
  const fork = (y: Symbolic) => [chain(y, [[384, [1, 3]]]), chain(y, [[384, [3, 1]]])];
  const one = chain(x, [[320, 1]]);
  const single = concatenate({ name: `mixed9_${i}` }).apply(fork(chain(x, [[384, 1]])));
  const rows: readonly Row[] = [
    [448, 1],
    [384, 3],
  ];
  const double = concatenate().apply(fork(chain(x, rows)));
  const pooled = chain(smooth().apply(x), [[192, 1]]);
  return concatenate({ name: `mixed${9 + i}` }).apply([one, single, double, pooled]);
}

/**
 * Inception V3: 23,817,352 trainable and 34,432 other parameters at 1000 classes. Pictures have sides of 75 or more; Keras's
 * preprocessing is 'tf'. Throws ArgumentError for an unknown or bad option. Example: `networks.inceptionV3({ classes: 2 })`.
 */
export function inceptionV3(options: NetworkOptions = {}): Model {
  const plan = planOf(name, defaults, options);
  const chain = chainOf(plan.filters);
  let x = chain(plan.x, [
    [32, 3, 'half'],
    [32, 3, 'valid'],
    [64, 3],
  ]);
  x = chain(half().apply(x), [
    [80, 1, 'valid'],
    [192, 3, 'valid'],
  ]);
  x = half().apply(x);
  for (const [i, pooled] of [32, 64, 64].entries()) {
    const branches: Row[][] = [
      [[64, 1]],
      [
        [48, 1],
        [64, 5],
      ],
      [
        [64, 1],
        [96, 3],
        [96, 3],
      ],
    ];
    x = block(chain, x, `mixed${i}`, branches, pooled);
  }
  x = reduction(chain, x, 'mixed3', [
    [[384, 3, 'half']],
    [
      [64, 1],
      [96, 3],
      [96, 3, 'half'],
    ],
  ]);
  for (const [i, n] of [128, 160, 160, 192].entries()) {
    const branches: Row[][] = [
      [[192, 1]],
      [
        [n, 1],
        [n, wide],
        [192, high],
      ],
      [
        [n, 1],
        [n, high],
        [n, wide],
        [n, high],
        [192, wide],
      ],
    ];
    x = block(chain, x, `mixed${4 + i}`, branches, 192);
  }
  x = reduction(chain, x, 'mixed8', [
    [
      [192, 1],
      [320, 3, 'half'],
    ],
    [
      [192, 1],
      [192, wide],
      [192, high],
      [192, 3, 'half'],
    ],
  ]);
  for (const i of [0, 1]) x = last(chain, x, i);
  x = globalAveragePooling2d({ name: 'avg_pool' }).apply(x);
  const head = dense({ units: plan.classes, activation: plan.activation, name: 'predictions' });
  return modelOf(name, plan, head.apply(x));
}

/** The network in the table. */
export const inceptionV3Definition = defineModel({
  name,
  build: pictureBuild({ name, network: inceptionV3, preprocessing: 'tf' }),
  optimizer: 'rmsprop:learningRate=0.045,rho=0.9,epsilon=1',
});
