// docs/contract.md says what an independent implementer needs (test/contract/implementer.test.ts computes from it), and the
// numbers that can be asked of the library are the library's.

import { describe, expect, it } from 'vitest';
import { binaryCrossentropy, createRuntime, tensor } from '../../lib/index.js';
import { streams } from '../../lib/random/streams.js';
import { text } from '../architecture/sources.js';

/** One line, so that no line's end stands inside a phrase. */
const page = text('docs/contract.md').replaceAll(/\s+/g, ' ');

describe('docs/contract.md', () => {
  it('gives every purpose of random numbers the number that the library has', () => {
    const listed = /The purposes: ([^.]*)\./.exec(page)?.[1] ?? '';
    const numbers = listed.split(', ').map((one) => {
      const [number, ...words] = one.split(' ');
      return [words.find((word) => word in streams), Number(number)];
    });
    expect(Object.fromEntries(numbers)).toEqual(streams);
  });

  it.each([
    ['fans of a weight', 'fanIn = a * area, fanOut = b * area'],
    ['fans of a depthwise kernel', 'fanIn = kh * kw * c and fanOut = kh * kw * m'],
    ['fans of a weight of one axis', 'Of a weight `[a]` both are a'],
    ['the rule of globalAveragePooling2d', 'globalAveragePooling2d is `mean` over rows and columns (rule 4)'],
    ['the gradient of categorical cross-entropy', '`dp = (((g - d) / s) / (positions * n))`'],
    ['padding `same`', '`max((ceil(size / stride) - 1) * stride + extent - size, 0)` in all, half of it before'],
    [
      'the order of the weights of a layer',
      '`depthwise_kernel`, `pointwise_kernel`, `bias`; batch_normalization `gamma`',
    ],
    ['the names of weights', "A weight's name is `layer/weight`, in a nested model `model/layer/weight`"],
    ['the order of tensors in a hash', 'The hash of weights takes them layer by layer in the order of their count'],
    ['a factor of rotation in radians', 'A factor f of randomRotation is the range `[-f * 2 * pi, f * 2 * pi)`'],
    ['how layers are counted', 'Layers are counted from 1 in the order in which they were first applied'],
    ['an add of more than two', '`add` of several inputs adds from the first to the last'],
    ['counts as one number', '`values * n`, is made of integers and converted once'],
    ['the decoder of JPEG', "mozjpeg's libjpeg with the accurate integer transform (`JDCT_ISLOW`)"],
    ['what binds of a picture', 'what binds is the digest of the pixels'],
    ["TensorFlow's own JPEG pixels", "TensorFlow's `decode_jpeg` takes the fast transform by default"],
    ['how a synthetic picture is drawn', 'Picture i of a split (from 0) shows a bear (label 0) where i is even'],
  ])('says %s', (_what, words) => {
    expect(page.includes(words), words).toBe(true);
  });

  it('says what cross-entropy from logits makes of infinities, as the library does', () => {
    expect(page).toContain(
      'a logit of +Infinity has the loss NaN, one of -Infinity NaN against t = 0 and otherwise +Infinity',
    );
    using runtime = createRuntime({ threads: 1 });
    const lossOf = (logit: number, t: number) => {
      using z = tensor(runtime, [[logit]]);
      using target = tensor(runtime, [[t]]);
      using loss = binaryCrossentropy(z, target, { fromLogits: true });
      return loss.data()[0];
    };
    expect([lossOf(Infinity, 0), lossOf(Infinity, 1), lossOf(-Infinity, 0)]).toEqual([NaN, NaN, NaN]);
    expect(lossOf(-Infinity, 1)).toBe(Infinity);
  });
});
