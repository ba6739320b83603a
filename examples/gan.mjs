// A small GAN in a loop of its own: two models that learn in turn, and whose bits depend on neither threads nor instructions.
// Run it in a built checkout: npm run setup && node examples/gan.mjs
import { createRuntime, layers, ones, sequential, tensor, weightsHash, zeros } from 'samebits';

const [kSide, kBatch, kNoise] = [16, 16, 8];

/** A number in [0, 1) that depends on its place alone. */
const mix = (all, n) => Math.imul(all ^ n ^ (all >>> 15), 0x9e3779b1);
const drawn = (...place) => (mix(place.reduce(mix, 1998), 0) >>> 8) / 2 ** 24;

/** Real pictures: a bright square at a drawn place. */
function squares(runtime, step) {
  const values = new Float32Array(kBatch * kSide * kSide);
  for (let n = 0; n < kBatch; ++n) {
    const [top, left] = [0, 1].map((axis) => Math.floor(10 * drawn(step, n, axis)));
    for (let i = 0; i < 36; ++i) values[(n * kSide + top + Math.floor(i / 6)) * kSide + left + (i % 6)] = 1;
  }
  return tensor(runtime, values, [kBatch, kSide, kSide, 1]);
}

/** What pictures are made from: numbers from -1 to 1. */
function noise(runtime, step) {
  const values = Float32Array.from({ length: kBatch * kNoise }, (_, i) => 2 * drawn(step, i, 7) - 1);
  return tensor(runtime, values, [kBatch, kNoise]);
}

function train(target) {
  const runtime = createRuntime(target);
  const learning = { runtime, optimizer: 'adam:learningRate=0.002,beta1=0.5', loss: 'binaryCrossentropy' };
  const generator = sequential([
    layers.input({ shape: [kNoise] }),
    layers.dense({ units: 4 * 4 * 16, activation: 'relu' }),
    layers.reshape({ targetShape: [4, 4, 16] }),
    layers.conv2dTranspose({ filters: 8, kernelSize: 4, strides: 2, padding: 'same', activation: 'relu' }),
    layers.conv2dTranspose({ filters: 1, kernelSize: 4, strides: 2, padding: 'same', activation: 'sigmoid' }),
  ]);
  const discriminator = sequential([
    layers.input({ shape: [kSide, kSide, 1] }),
    layers.conv2d({ filters: 8, kernelSize: 4, strides: 2, padding: 'same' }),
    layers.leakyReLU(),
    layers.flatten(),
    layers.dense({ units: 1, activation: 'sigmoid' }),
  ]).compile(learning);
  discriminator.trainable = false; // from the next compile on: the generator learns through it
  const both = sequential([generator, discriminator]).compile(learning);
  const [real, made] = [ones(runtime, [kBatch, 1]), zeros(runtime, [kBatch, 1])];
  for (let step = 0; step < 60; ++step) {
    const z = noise(runtime, step);
    const known = discriminator.trainOnBatch(squares(runtime, step), real).loss;
    const found = discriminator.trainOnBatch(generator.predictOnBatch(z), made).loss;
    const deceived = both.trainOnBatch(z, real).loss;
    if (step % 20 === 19) console.log(`step ${step + 1}: ${known} ${found} ${deceived}`);
  }
  return weightsHash(both);
}

const hashes = [train({ threads: 2 }), train({ threads: 1, isa: 'scalar' })];
console.log(hashes.join('\n'));
console.log(hashes[0] === hashes[1] ? 'the same bits' : 'different bits');
