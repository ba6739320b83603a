// Keras's first example, a small ConvNet on MNIST (keras.io/examples/vision/mnist_convnet): about 99 % on the test digits.
// Run it in a built checkout, with the four files of MNIST, plain or .gz, in DIR:
//   npm run setup && node examples/mnist_convnet.mjs DIR [epochs, by default 15] [threads] [isa]
import { createRuntime, defineModel, layers, openTask, sequential, weightsHash } from 'samebits';

const [folder, epochs = '15', threads, isa] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node examples/mnist_convnet.mjs DIR [epochs] [threads] [isa]');
  process.exit(2);
}

const convnet = defineModel({
  name: 'mnist_convnet',
  build: ({ sampleShape, classes }) =>
    sequential([
      layers.input({ shape: sampleShape }),
      layers.rescaling({ scale: 1 / 255 }),
      layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: classes, activation: 'softmax' }),
    ]),
  optimizer: 'adam',
});

const runtime = createRuntime({ threads: threads && Number(threads), isa });
const task = await openTask({ model: convnet, data: `mnist:${folder}`, seed: 1001 });
const model = task.compile(runtime);
console.log(model.summary());
await model.fit(task.dataset.train, { epochs: Number(epochs), batchSize: 128, verbose: 2 });
const { loss, accuracy } = await model.evaluate(task.dataset.validation);
console.log(`test loss ${loss}, test accuracy ${accuracy}`);
console.log(weightsHash(model));
task.dispose();
runtime.dispose();
