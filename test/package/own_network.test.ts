// The package as it is published, in an empty folder outside the checkout: a LeNet-5 and an MNIST module of the user's own in
// every command, over a kill, other threads and another instruction set, and the same from the library in one script.
//
// The tarballs are unpacked where npm would put them; the packages they depend on are those of the checkout, since a test loads
// nothing from a network. test/package/installed has npm install them.

import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../architecture/sources.js';
import { digits, lenet, writeDigits } from '../support/own_digits.js';
import { packAll, packageOf, thisTarget, unpack } from './packed.js';

let folder = '';
const installed = () => join(folder, 'node_modules/samebits');
const inside = (...names: string[]) => join(folder, ...names);

function node(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env } });
}
const samebits = (...args: string[]) => node([join(installed(), 'dist/cli/main.js'), ...args]);

/** What a command that has to succeed prints as JSON. */
function json(...args: string[]) {
  const { status, stdout, stderr } = samebits(...args, '--json');
  expect(status === 0 ? '' : stderr).toBe('');
  return JSON.parse(stdout);
}

function unpackAll(): void {
  const { core, platform } = packAll(folder);
  unpack(folder, core, 'samebits');
  unpack(folder, platform, packageOf(thisTarget()));
  const packages = join(root, 'node_modules');
  for (const name of readdirSync(packages).filter((one) => !one.startsWith('.') && one !== 'samebits')) {
    symlinkSync(join(packages, name), inside('node_modules', name), 'dir');
  }
}

const own = ['--model', './lenet.mjs', '--data', './digits.mjs', '--batch-size', '16', '--epochs', '2'];
const kept = ['--trace', 'ops', '--checkpoints', 'all', '--sign', 'key.pem'];
const straight: Record<string, unknown> = {};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samebits-package-'));
  unpackAll();
  writeFileSync(inside('lenet.mjs'), lenet);
  writeFileSync(inside('digits.mjs'), digits);
  writeDigits(folder, 'train', 64, 0);
  writeDigits(folder, 't10k', 20, 64);
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(inside('key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  Object.assign(straight, json('train', ...own, ...kept, '--threads', '2', '--out', 'straight'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package, with a network and data of the user\u2019s own', () => {
  it('goes on where a training was killed, and ends in the same bits', () => {
    const hook = join(root, 'test/support/killed_at.mjs');
    const main = join(installed(), 'dist/cli/main.js');
    const killed = node(['--import', hook, main, 'train', ...own, ...kept, '--out', 'killed'], {
      SAMEBITS_KILL: JSON.stringify({ inside: 'killed', at: 60 }),
    });
    expect(killed.signal).toBe('SIGKILL');
    expect([existsSync(inside('killed/checkpoint.safetensors')), existsSync(inside('killed/result.json'))]).toEqual([
      true,
      false,
    ]);
    const { weightsHash, predictionsHash, dataHash } = json('train', '--resume', 'killed', '--threads', '1');
    expect({ weightsHash, predictionsHash, dataHash }).toEqual({
      weightsHash: straight['weightsHash'],
      predictionsHash: straight['predictionsHash'],
      dataHash: straight['dataHash'],
    });
    expect(samebits('diff', 'straight', 'killed').status).toBe(0);
  });

  it('verifies a receipt on another thread count and instruction set', () => {
    for (const run of ['straight', 'killed']) {
      const { status, stdout } = samebits('verify', run, '--threads', '1', '--isa', 'scalar');
      expect([status, stdout.split('\n')[0]]).toEqual([0, 'equal']);
    }
    writeFileSync(inside('receipt.json'), readFileSync(inside('straight/receipt.json')));
    const alone = samebits('verify', 'receipt.json', '--data', './digits.mjs', '--threads', '1');
    expect([alone.status, alone.stdout.split('\n')[0]]).toEqual([0, 'equal']);
  });

  it('finds the partial sum at which two atomic trainings part', () => {
    for (const seed of ['1', '2']) {
      const arrival = ['--mode', 'atomic', '--arrival-seed', seed, '--trace', 'ops'];
      json('train', ...own, ...arrival, '--out', `atomic-${seed}`);
    }
    const { status, stdout } = samebits('diff', 'atomic-1', 'atomic-2');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^first difference: epoch 1, step 1, operation \d+/);
    expect(stdout).toMatch(/the running sums first differ at arrival \d+/);
    expect(stdout).toContain('A: sums arrived in the order drawn from seed 1, replayed exactly');
  });

  it('compares both modes, with explanations and a report', () => {
    const drawn = ['--arrival-seed', '1', '--runs', '2', '--explain', '2'];
    const { targets, explained } = json('compare', ...own, ...drawn, '--out', 'both');
    const hashes = (mode: string) => {
      const [, { runs }] = Object.entries<{ runs: { weightsHash: string }[] }>(targets).find(([target]) =>
        target.endsWith(mode),
      )!;
      return runs.map(({ weightsHash }) => weightsHash);
    };
    expect(hashes('deterministic')).toEqual([straight['weightsHash'], straight['weightsHash']]);
    expect(new Set(hashes('atomic')).size).toBe(2);
    expect(explained.pictures).toHaveLength(2);
    expect(existsSync(inside('both/report.html'))).toBe(true);
  });

  it('attributes, explains, lists weights and reports', () => {
    const { '--epochs': _, ...task } = Object.fromEntries(
      own.flatMap((word, i) => (i % 2 ? [] : [[word, own[i + 1]!]])),
    );
    const steps = ['--steps', '2', '--runs', '1', ...Object.entries(task).flat()];
    expect(json('attribute', ...steps).sources.length).toBeGreaterThan(3);
    expect(json('gradcam', '--run', 'straight', '--sample', 'validation:0').runs[0].hasHeat).toBe(true);
    expect(samebits('weights', 'straight').stdout).toContain('conv2d/kernel');
    expect(samebits('report', 'straight', 'killed', '--out', 'seen').status).toBe(0);
    expect(readFileSync(inside('seen/report.html'), 'utf8')).toContain('lenet');
  });

  it('does the same from the library, in one script', () => {
    writeFileSync(inside('all.mjs'), script);
    const { status, stdout, stderr } = node(['all.mjs']);
    expect(status === 0 ? '' : stderr).toBe('');
    const { trained, fitted, equal, sources, heat, first, replayed } = JSON.parse(stdout);
    expect([trained, fitted]).toEqual([straight['weightsHash'], straight['weightsHash']]);
    expect([equal, heat, first, replayed]).toEqual([true, true, 1, true]);
    expect(sources).toBeGreaterThan(3);
    expect(existsSync(inside('library-report/report.html'))).toBe(true);
    const { status: difference, stderr: words } = samebits('diff', 'straight', 'library-fit');
    expect([difference, words]).toEqual([0, '']);
  });
});

const script = `import * as samebits from 'samebits';
import digits from './digits.mjs';
import lenet from './lenet.mjs';
const task = { model: './lenet.mjs', data: './digits.mjs', batchSize: 16 };
const trained = await samebits.train({ ...task, epochs: 2, trace: 'ops', out: 'library' });
const runtime = samebits.createRuntime({ threads: 1 });
const model = lenet.build({ sampleShape: [28, 28, 1], classes: 10 });
model.compile({ runtime, optimizer: lenet.optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'], seed: 1001 });
await model.fit(digits, { epochs: 2, batchSize: 16, run: { out: 'library-fit', trace: 'ops' } });
const verdict = await samebits.verifyReceipt('library', { threads: 1, isa: 'scalar' });
const parted = await samebits.diffReplayed('atomic-1', 'atomic-2');
const { sources } = await samebits.attribute({ ...task, steps: 2, runs: 1 });
const { explanations } = await samebits.explainRuns({ runs: ['library'], data: './digits.mjs', sample: 'validation:0' });
await samebits.writeReport({ runs: ['library', 'library-fit'], out: 'library-report' });
console.log(JSON.stringify({
  trained: trained.weightsHash,
  fitted: samebits.weightsHash(model),
  equal: verdict.equal,
  first: parted.difference.epoch,
  replayed: parted.replay !== null,
  sources: sources.length,
  heat: explanations.runs[0].hasHeat,
}));
`;
