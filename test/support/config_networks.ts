// Networks that a config has to bring back: shared layers, several uses, nested models, sums of three, rows, and those known by name.

import { kerasConvnet, layers, type Model, miniXception, model, sequential } from '../../lib/index.js';
import { miniXceptionConv } from '../../lib/networks/index.js';

const { activation, add, conv2d, dense, dropout, flatten, input, rescaling } = layers;

/** A stem of its own that is used twice, a layer used three times, and sums of three. */
function shared(): Model {
  const a = input({ shape: [6] });
  const stemIn = input({ shape: [6] });
  const stem = model({
    inputs: stemIn,
    outputs: activation({ activation: 'tanh' }).apply(dense({ units: 6 }).apply(stemIn)),
    name: 'stem',
  });
  const kernelInitializer = layers.initializers.heUniform({ seed: 4 });
  const twice = dense({ units: 6, activation: 'sigmoid', kernelInitializer });
  const first = stem.apply(a);
  const again = stem.apply(twice.apply(first));
  const late = twice.apply(again);
  const sum = add().apply([first, again, late]);
  const other = add().apply([sum, late, dropout({ rate: 0.25, seed: 3 }).apply(twice.apply(late))]);
  return model({ inputs: a, outputs: dense({ units: 2, activation: 'softmax' }).apply(other), name: 'shared' });
}

/** Two nested models: one in a row, and one from its ends that makes the output. */
function nested(): Model {
  const x = input({ shape: [5, 5, 2], name: 'pictures' });
  const second = conv2d({ filters: 3, kernelSize: 2, name: 'second' });
  const block = sequential([conv2d({ filters: 3, kernelSize: 2, strides: 1 }), second], { name: 'block' });
  const headIn = input({ shape: [27] });
  const head = model({ inputs: headIn, outputs: dense({ units: 1 }).apply(headIn), name: 'head' });
  const features = flatten().apply(block.apply(rescaling({ scale: 0.5 }).apply(x)));
  return model({ inputs: x, outputs: head.apply(features), name: 'nested' });
}

/** A use that is older than the first use of a layer before it in depth, and what both read: the order of sums is at stake. */
function crossed(): Model {
  const x = input({ shape: [3] });
  const [a, b, c] = [dense({ units: 3, name: 'a' }), dense({ units: 3, name: 'b' }), dense({ units: 3, name: 'c' })];
  const p = b.apply(a.apply(x));
  const late = a.apply(p);
  return model({ inputs: x, outputs: add().apply([c.apply(p), late, a.apply(p), p]), name: 'crossed' });
}

const row = () =>
  sequential([input({ shape: [4] }), dense({ units: 3, useBias: false }), dense({ units: 1 })], { name: 'row' });

/** Makers of networks by name. */
export const networks: Readonly<Record<string, () => Model>> = {
  shared,
  nested,
  crossed,
  row,
  keras_convnet: () => kerasConvnet({ imageSize: 80 }),
  mini_xception: () => miniXception({ imageSize: 8, classes: 3 }),
  mini_xception_conv: () => miniXceptionConv({ imageSize: 8 }),
};
