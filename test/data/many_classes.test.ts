// More classes than a byte can number, from a real folder through fit and evaluate.

import { expect, it } from 'vitest';
import { predictedOf } from '../../lib/attribution/steps.js';
import { createRuntime, layers, openDataset, sequential, weightsHash } from '../../lib/index.js';
import { pngBytes, put, temporaryFolder } from './pictures.js';

const classes = 300;
const side = 4;

it('300 class folders train and are judged as the same pictures with one-hot targets made by hand', async () => {
  const folder = temporaryFolder();
  const kinds = await Promise.all(Array.from({ length: 16 }, (_, salt) => pngBytes(salt)));
  const name = (label: number) => `class-${String(label).padStart(3, '0')}`;
  put(folder, Object.fromEntries(Array.from({ length: classes }, (_, i) => [`${name(i)}/1.png`, kinds[i % 16]!])));
  const dataset = await openDataset({ source: folder, imageSize: side, cache: false });
  try {
    expect(dataset.classNames).toEqual(Array.from({ length: classes }, (_, label) => name(label)));
    expect([...dataset.train.labels!]).toEqual([...Array(classes).keys()]);
    // The samples that an attribution predicts: one in 300 / 256.
    const picked = predictedOf(dataset).split;
    expect([...picked.labels!]).toEqual(Array.from({ length: 256 }, (_, i) => Math.floor((i * classes) / 256)));
    const x = Uint8Array.from(dataset.train.read([...Array(classes).keys()]).x);
    const y = Array.from({ length: classes }, (_, label) => Array.from({ length: classes }, (_u, i) => +(i === label)));
    using runtime = createRuntime({ threads: 1 });
    const trained = async (data: never) => {
      const { input, rescaling, flatten, dense } = layers;
      using net = sequential([
        input({ shape: [side, side, 3] }),
        rescaling({ scale: 1 / 255 }),
        flatten(),
        dense({ units: classes, activation: 'softmax' }),
      ]);
      net.compile({ runtime, loss: 'categoricalCrossentropy', metrics: ['accuracy'], seed: 2 });
      const history = await net.fit(data, { epochs: 2 });
      return { history, judged: await net.evaluate(data), hash: weightsHash(net) };
    };
    expect(await trained(dataset.train as never)).toEqual(await trained({ x, y } as never));
  } finally {
    dataset.dispose();
  }
});
