// Trains a network of the table on a device given as argument, on the addon that SAMEBITS_ADDON names, and prints, as JSON, the
// loss of each step with the launches and waits that it took, the means of judging with its waits, and the hash of the weights.

import { createRuntime, type Device, kerasConvnet, miniXception, optimizers, weightsHash } from '../../lib/index.js';
import { uniforms } from '../support/inputs.js';

const [device, name] = process.argv.slice(2) as [Device, 'keras_convnet' | 'mini_xception'];
/** The smallest pictures that leave each layer something to do. */
const networks = {
  keras_convnet: () => kerasConvnet({ imageSize: 78 }),
  mini_xception: () => miniXception({ imageSize: 37 }),
};
const kBatch = 2;
const kSamples = 5;

const runtime = createRuntime({ device, threads: 1 });
const net = networks[name]();
const [height, width, channels] = net.sampleShapes.x;
const x = Uint8Array.from(uniforms(3, 0, kSamples * height! * width! * channels!), (value) => 256 * value);
const y = Float32Array.from({ length: kSamples }, (_, i) => i % 2);
net.compile({
  runtime,
  optimizer: optimizers.rmsprop({ epsilonPlace: 'outside' }),
  loss: 'binaryCrossentropy',
  metrics: ['accuracy'],
  seed: 1001,
});

let before = runtime.counts();
/** What was done since it was last asked for. */
function since(): { launches: number; waits: number } {
  const { launches, waits } = runtime.counts();
  const done = { launches: launches - before.launches, waits: waits - before.waits };
  before = { launches, waits };
  return done;
}

const steps: { loss: number; launches: number; waits: number }[] = [];
await net.fit(
  { x, y },
  { batchSize: kBatch, callbacks: { onBatchEnd: ({ loss }) => void steps.push({ loss, ...since() }) } },
);
const judged = await net.evaluate({ x, y }, { batchSize: kBatch });
const { waits: judging } = since();
const [weight] = net.weights;
weight!.tensor.data();
weight!.tensor.data();
const { waits: reading } = since();
console.log(JSON.stringify({ steps, judged, judging, reading, hash: weightsHash(net) }));
net.dispose();
