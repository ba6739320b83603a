// A residual network by the functional API, with callbacks, on the embedded pictures; twice: with two threads, and with one and scalar instructions.
// Run it in a built checkout: npm run setup && node examples/residual.mjs
import { callbacks, createRuntime, layers, model, openDataset, weightsHash } from 'samebits';

const { activation, add, batchNormalization, conv2d, dense, globalAveragePooling2d, input, rescaling } = layers;

/** Two convolutions beside a way around them, which is a convolution of one pixel where the shape changes. */
function block(x, filters, strides) {
  let y = conv2d({ filters, kernelSize: 3, strides, padding: 'same', useBias: false }).apply(x);
  y = activation({ activation: 'relu' }).apply(batchNormalization().apply(y));
  y = batchNormalization().apply(conv2d({ filters, kernelSize: 3, padding: 'same', useBias: false }).apply(y));
  const around = strides === 1 ? x : conv2d({ filters, kernelSize: 1, strides, useBias: false }).apply(x);
  return activation({ activation: 'relu' }).apply(add().apply([y, around]));
}

function network() {
  const inputs = input({ shape: [32, 32, 3] });
  let x = rescaling({ scale: 1 / 127.5, offset: -1 }).apply(inputs);
  x = conv2d({ filters: 8, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }).apply(x);
  x = block(block(x, 8, 1), 16, 2);
  const outputs = dense({ units: 1, activation: 'sigmoid' }).apply(globalAveragePooling2d().apply(x));
  return model({ inputs, outputs, name: 'residual' });
}

const data = await openDataset({ source: 'synthetic', imageSize: 32, samples: 96 });

async function train(target) {
  const runtime = createRuntime(target);
  const net = network();
  const learning = { optimizer: 'adam:learningRate=0.003', loss: 'binaryCrossentropy', metrics: ['accuracy', 'auc'] };
  net.compile({ runtime, ...learning, seed: 1001 });
  const history = await net.fit(data.train, {
    epochs: 12,
    batchSize: 16,
    validationData: data.validation,
    callbacks: [
      callbacks.reduceLROnPlateau({ monitor: 'valLoss', factor: 0.5, patience: 1 }),
      callbacks.earlyStopping({ monitor: 'valLoss', patience: 4, restoreBestWeights: true }),
    ],
  });
  for (const { epoch, logs } of history)
    console.log(`epoch ${epoch + 1}: loss ${logs.loss}, AUC on others ${logs.valAuc}`);
  const hash = weightsHash(net);
  net.dispose();
  runtime.dispose();
  return hash;
}

const hashes = [await train({ threads: 2 }), await train({ threads: 1, isa: 'scalar' })];
data.dispose();
console.log(hashes.join('\n'));
console.log(hashes[0] === hashes[1] ? 'the same bits' : 'different bits');
