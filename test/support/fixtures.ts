/** Small values that tests of experiments and reports share. */
import type { Definition, RunnerOptions } from '../../lib/experiments/index.js';

/** Two runs of two epochs in each mode. */
export const definition: Definition = {
  model: 'keras_convnet',
  data: 'synthetic',
  imageSize: 180,
  epochs: 2,
  batchSize: 32,
  seed: 1001,
  device: 'cpu',
  isa: 'auto',
  damaged: 'refuse',
  modes: ['deterministic', 'atomic'],
  runs: 2,
};

/** A generator for resampling: xorshift32, high bits first. */
export function drawFrom(seed: number): (below: number) => number {
  let state = seed | 0;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * below);
  };
}

/** Runner options that start the fake trainer and keep everything in `out`. */
export function fakeRunner(out: string): RunnerOptions {
  return {
    out,
    command: [process.execPath, 'test/support/fake_trainer.mjs'],
    versions: { samebits: '0.1.0', contract: 2, node: 'v20' },
    startedAt: '2026-01-02T03:04:05.000Z',
  };
}
