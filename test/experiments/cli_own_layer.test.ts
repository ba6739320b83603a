// A layer class of the user's own, written outside the package: 1 file and the line that names it among `classes`. It has weights, a
// config and a way back; every command that needs the network has it from the module that the user names, and none without.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../architecture/sources.js';
import { samebits } from '../support/cli.js';

/** Multiplies each channel by a weight that is learnt. */
const scale = `import { depthwiseConv2d, layers } from 'samebits';
export class Scale extends layers.Layer {
  static className = 'Scale';
  static fromConfig = ({ from, name }) => new Scale(from, { name });
  kind = 'scale';
  kerasName = 'Scale';
  constructor(from, options = {}) {
    super('scale', options);
    this.from = from;
  }
  getConfig() {
    return { ...super.getConfig(), from: this.from };
  }
  declareWeights([shape]) {
    this.addWeight('factor', [1, 1, shape.at(-1), 1], layers.initializers.constant({ value: this.from }));
  }
  computeOutputShape(inputs) {
    return layers.single(this, inputs);
  }
  call([x]) {
    return depthwiseConv2d(x, this.weights[0].tensor);
  }
}
`;
const net = `import { defineModel, layers, sequential } from 'samebits';
import { Scale } from './scale.mjs';
export default defineModel({
  name: 'scaled',
  classes: [Scale],
  build: ({ sampleShape }) =>
    sequential([
      layers.input({ shape: sampleShape }),
      layers.conv2d({ filters: 2, kernelSize: 3, activation: 'relu' }),
      new Scale(0.5),
      layers.flatten(),
      layers.dense({ units: 1, activation: 'sigmoid' }),
    ]),
});
`;
const points = `const sample = (i) => ({ x: Float32Array.from({ length: 36 }, (_, k) => ((k * 7 + i * 31) % 64) / 64), y: i % 2 });
export default { train: { length: 6, sampleShape: [6, 6, 1], sample }, validation: { length: 2, sampleShape: [6, 6, 1], sample } };
`;

let folder = '';
const at = (...path: string[]) => join(folder, ...path);
const as =
  (user: string) =>
  (...args: string[]) =>
    samebits(args, { SAMEBITS_KEY: at(`${user}.key`) }, folder);
const me = as('me');
const stranger = as('stranger');
const own = ['--model', './net.mjs', '--data', './points.mjs'];
const settings = [...own, '--batch-size', '3', '--threads', '1', '--checkpoints', 'all'];
const receiptOf = (run: string) => JSON.parse(readFileSync(at(run, 'receipt.json'), 'utf8'));

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samebits-own-layer-'));
  mkdirSync(at('node_modules'));
  symlinkSync(root, at('node_modules', 'samebits'), 'dir');
  writeFileSync(at('scale.mjs'), scale);
  writeFileSync(at('net.mjs'), net);
  writeFileSync(at('points.mjs'), points);
  const trained = me('train', ...settings, '--epochs', '2', '--out', 'run');
  expect([trained.code, trained.code === 0 ? '' : trained.stderr]).toEqual([0, '']);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a layer class of one's own", () => {
  it('is bound by the receipt: its config, its weight, and the hash of the code', () => {
    const { compile, tensors, sources } = receiptOf('run');
    const told = compile.network.config.layers.find((layer: { class_name: string }) => layer.class_name === 'Scale');
    expect(told.config).toMatchObject({ from: 0.5 });
    expect(tensors.map(([name]: [string]) => name)).toContain('scale/factor');
    expect(sources.model).toMatchObject({ kind: 'module', name: 'scaled', sha256: expect.stringMatching(/^sha256:/) });
  });

  it('is learnt: its weight is no longer what it began with', () => {
    const { stdout } = me('weights', 'run', '--tensor', 'scale/factor', '--json');
    expect(JSON.parse(stdout).values.flat(3)).not.toContain(0.5);
  });

  it('is verified with the module, by its user without naming it, and by nobody else without it', () => {
    expect(me('verify', 'run', '--threads', '2', '--isa', 'scalar').stdout).toMatch(/^equal\n/);
    expect(stranger('verify', 'run', ...own).stdout).toMatch(/^equal\n/);
    const { code, stderr } = stranger('verify', 'run', '--data', './points.mjs');
    expect(stderr).toMatch(/^samebits: .*'Scale'.*\n$/);
    expect(code).toBe(2);
  });

  it('goes on, explains a sample, and is compared', () => {
    const once = me('train', ...settings, '--epochs', '1', '--out', 'short');
    expect(once.code).toBe(0);
    expect(me('train', '--resume', 'short', '--epochs', '2').code).toBe(0);
    expect(me('diff', 'run', 'short').stdout).toMatch(/^no difference in 4 steps/);
    expect(receiptOf('short').weightsHash).toBe(receiptOf('run').weightsHash);
    const { stdout, stderr } = me('gradcam', '--run', 'run', '--sample', 'validation:0', '--json');
    expect(stderr).not.toContain('samebits: ');
    expect(JSON.parse(stdout).runs).toHaveLength(1);
    const looked = stranger('gradcam', '--run', 'run', ...own, '--sample', 'validation:0', '--json');
    expect(JSON.parse(looked.stdout).runs[0].logit).toBe(JSON.parse(stdout).runs[0].logit);
  });
});
