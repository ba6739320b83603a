// A network out of a file with a config, of which no code is run, in every command that trains; the receipt alone holds all of it.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layers, modelConfig, sequential } from '../../lib/index.js';
import { samebits } from '../support/cli.js';

let folder = '';
const at = (...path: string[]) => join(folder, ...path);
const run = (...args: string[]) => samebits(args, { SAMEBITS_KEY: at('own.key') }, folder);
const json = (...args: string[]) => JSON.parse(run(...args, '--json').stdout);
const points = `const sample = (i) => ({ x: Uint8Array.from({ length: 64 }, (_, k) => (k * 7 + i * 31) % 256), y: i % 2 });
export default { train: { length: 6, sampleShape: [8, 8, 1], sample } };
`;
const others = ['--data', './points.mjs', '--batch-size', '3', '--threads', '1'];
const own = (file: string) => ['--model', file, ...others];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samebits-config-'));
  const net = sequential(
    [
      layers.input({ shape: [8, 8, 1] }),
      layers.conv2d({ filters: 2, kernelSize: 3, activation: 'relu' }),
      layers.flatten(),
      layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
    { name: 'small' },
  );
  const config = JSON.stringify(modelConfig(net));
  writeFileSync(at('net.json'), config);
  writeFileSync(at('net.keras'), zipSync({ 'config.json': strToU8(config) }));
  writeFileSync(at('points.mjs'), points);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('--model net.keras and net.json', () => {
  it('train, go on and are verified by the receipt alone, and are one network', () => {
    const whole = json('train', ...own('net.keras'), '--epochs', '2', '--out', 'whole');
    expect(json('train', ...own('./net.json'), '--epochs', '2').weightsHash).toBe(whole.weightsHash);
    run('train', ...own('net.keras'), '--epochs', '1', '--out', 'parts');
    expect(json('train', '--resume', 'parts', '--epochs', '2').weightsHash).toBe(whole.weightsHash);
    const { sources } = JSON.parse(readFileSync(at('whole', 'receipt.json'), 'utf8'));
    expect(sources.model).toEqual({ kind: 'config', name: 'small' });
    rmSync(at('net.keras'));
    expect(json('verify', 'whole')).toMatchObject({ equal: true });
    expect(json('verify', 'whole', '--model', './net.json')).toMatchObject({ equal: true });
  });

  it('are compared and attributed', () => {
    const [{ targets }] = [
      json('compare', ...own('net.json'), '--epochs', '1', '--runs', '2', '--modes', 'deterministic'),
    ].flat();
    const alone = json('train', ...own('net.json'), '--epochs', '1').weightsHash;
    const hashes = Object.values<{ mode: string; runs: { weightsHash: string }[] }>(targets)
      .filter(({ mode }) => mode === 'deterministic')
      .flatMap(({ runs }) => runs.map(({ weightsHash }) => weightsHash));
    expect(hashes).toEqual([alone, alone]);
    expect(json('attribute', ...own('net.json'), '--steps', '2', '--runs', '1').sources.length).toBeGreaterThan(0);
  });
});
