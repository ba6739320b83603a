// The tests that a native mutant is tried on where the conformance program saw nothing: files and folders of test/, those
// that say most in least time first.
const kernels = [
  'conformance/conformance',
  'conformance/kernels_beside',
  'conformance/zeros',
  'gradients',
  'determinism/batch',
  'determinism/by_sample',
  'determinism/large',
  'determinism/alignment',
  'determinism/arrival',
  'order/order',
];

export const testsOf = {
  pools: ['unit/ops/relu_gradient', ...kernels, 'agreement/windows', 'binding/refusals'],
  convolutions: kernels,
  dense_and_norm: [...kernels, 'models/keras_convnet', 'models/mini_xception'],
  sums: [...kernels, 'agreement/losses', 'agreement/numpy'],
  elementwise: [...kernels, 'agreement/optimizers', 'unit/optimizers', 'data/random_maps'],
  images: [...kernels, 'data/random_maps', 'data/augmentation_layers', 'data/pixels'],
  core: [...kernels, 'contract', 'binding/refusals', 'golden'],
  runtime: [
    'binding',
    'determinism/by_sample',
    'determinism/threads',
    'determinism/arrival',
    'determinism/environment',
    'determinism/alignment',
    'determinism/training',
    'unit/ops',
    'models',
  ],
  cuda: ['determinism/device', 'gpu_check'],
  divergence: ['unit/divergence'],
  derived: kernels,
};
