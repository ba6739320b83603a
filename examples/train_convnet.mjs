// Trains the paper's ConvNet twice on the embedded pictures, with one thread and with two, and compares the weights.
// Run it in a built checkout: npm run setup && node examples/train_convnet.mjs
import { createRuntime, kerasConvnet, openDataset, weightsHash } from 'samebits';

const data = await openDataset({ source: 'synthetic', imageSize: 96, samples: 128 });

async function train(threads) {
  const runtime = createRuntime({ mode: 'deterministic', threads });
  const model = kerasConvnet({ imageSize: 96 });
  model.compile({ runtime, optimizer: 'rmsprop', loss: 'binaryCrossentropy', metrics: ['accuracy'], seed: 1001 });
  await model.fit(data.train, {
    epochs: 2,
    batchSize: 16,
    validationData: data.validation,
    callbacks: {
      onEpochEnd: ({ epoch, logs }) =>
        console.log(`${threads} thread(s), epoch ${epoch + 1}: loss ${logs.loss}, accuracy ${logs.accuracy}`),
    },
  });
  const hash = weightsHash(model);
  model.dispose();
  runtime.dispose();
  return hash;
}

const hashes = [await train(1), await train(2)];
data.dispose();
console.log(hashes.join('\n'));
console.log(hashes[0] === hashes[1] ? 'the same bits' : 'different bits');
