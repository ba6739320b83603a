// Trains a small network on a device and mode given as arguments, on the addon that SAMEBITS_ADDON names, and prints, as JSON,
// the hash of the weights after each step, the target, and the blocks of memory left when all is disposed.

import { createRuntime, type Device, layers, type Mode, sequential, weightsHash } from '../../lib/index.js';
import { uniforms } from '../support/inputs.js';

const [device, mode] = process.argv.slice(2) as [Device, Mode];
const runtime = createRuntime({ device, mode });
const x = uniforms(5, 0, 6 * 12 * 12 * 3);
const y = Float32Array.from({ length: 6 }, (_, i) => i % 2);
const hashes: string[] = [];

const net = sequential([
  layers.input({ shape: [12, 12, 3] }),
  layers.randomFlip({ mode: 'horizontal' }),
  layers.randomRotation({ factor: 0.1 }),
  layers.conv2d({ filters: 5, kernelSize: 3, padding: 'same' }),
  layers.batchNormalization(),
  layers.activation({ activation: 'relu' }),
  layers.separableConv2d({ filters: 7, kernelSize: 3, padding: 'same' }),
  layers.maxPooling2d({ poolSize: 3, strides: 2 }),
  layers.conv2d({ filters: 4, kernelSize: 2, activation: 'relu' }),
  layers.flatten(),
  layers.dropout({ rate: 0.25 }),
  layers.dense({ units: 6, activation: 'relu' }),
  layers.dense({ units: 1, activation: 'sigmoid' }),
]);
net.compile({ runtime, optimizer: 'rmsprop', loss: 'binaryCrossentropy', metrics: ['accuracy'], seed: 1001 });
const onBatchEnd = () => {
  hashes.push(weightsHash(net));
};
await net.fit({ x, y }, { epochs: 2, batchSize: 3, callbacks: { onBatchEnd } });
net.dispose();
const { blocks } = runtime.memory();
console.log(JSON.stringify({ hashes, target: runtime.target, blocks }));
