// Every format of --json: a command prints it, its schema takes that and refuses what was altered, and docs/cli.md lists it.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FormatName, formatNames, formats, jsonSchema } from '../../lib/cli/schemas/index.js';
import { text } from '../architecture/sources.js';
import { picture, put } from '../data/pictures.js';
import { samebits } from '../support/cli.js';
import { formatIn, validatorOf } from '../support/formats.js';

const root = mkdtempSync(path.join(tmpdir(), 'samebits-formats-'));
afterAll(() => rmSync(root, { recursive: true }));

const small = ['--data', 'synthetic', '--samples', '4', '--image-size', '32', '--batch-size', '4', '--threads', '2'];
const tiny = ['--model', 'mini_xception', ...small];
const plan = (seeds: number[]) => ({
  ...{ name: 'two', factors: { seed: seeds }, modes: { deterministic: 1 } },
  fixed: { data: 'synthetic', samples: 4, batchSize: 4, epochs: 1, imageSize: 32, model: 'mini_xception' },
});

/** A Slurm that takes whatever it is handed. */
const slurm = {
  sbatch: 'echo 4711',
  scontrol: 'echo "MaxArraySize = 1001"',
  squeue: 'true',
};

const run = (...args: string[]) => {
  const env = { SAMEBITS_CACHE: path.join(root, 'cache'), PATH: `${path.join(root, 'bin')}:${process.env['PATH']}` };
  const { code, stdout, stderr } = samebits(args, env, root);
  expect(code, stderr).toBe(args[0] === 'diff' ? 1 : 0);
  return stdout;
};

/** A command for each format, in the order in which one can follow the other. */
const commands: Readonly<Record<FormatName, readonly string[]>> = {
  train: ['train', ...tiny, '--epochs', '1', '--out', 'a'],
  compare: [
    'compare',
    ...tiny,
    '--epochs',
    '1',
    '--runs',
    '2',
    '--explain',
    '1',
    '--thread-counts',
    '1',
    '--out',
    'one',
  ],
  'compare-models': [
    ...['compare', '--model', 'mini_xception,mini_xception_conv', ...small, '--epochs', '1'],
    ...['--runs', '2', '--modes', 'deterministic', '--explain', '0', '--out', 'two'],
  ],
  verify: ['verify', 'a'],
  diff: ['diff', 'a', 'b'],
  attribute: ['attribute', ...tiny, '--steps', '1', '--runs', '1'],
  'study-run': ['study', 'run', 'plan.json', '--out', 'study'],
  'study-submit': ['study', 'run', 'slurm.json', '--out', 'submitted', '--executor', 'slurm'],
  'study-status': ['study', 'status', 'study'],
  'study-report': ['study', 'report', 'study'],
  evaluate: ['evaluate', '--run', 'a', '--split', 'validation'],
  classify: ['classify', 'cat.png', '--model', 'a', '--targets', 'scalar,1thread', '--gradcam', '1'],
  gradcam: [
    'gradcam',
    '--run',
    'a',
    '--run',
    'b',
    '--image',
    'cat.png',
    '--occlude',
    '1,1,9,9',
    '--halves',
    'cats,bears',
  ],
  'gradcam-pairs': ['gradcam', '--run', 'a', '--run', 'b', '--pairs', 'pairs.csv'],
  count: ['count', '--run', 'masked'],
  weights: ['weights', 'a'],
  'weights-tensor': ['weights', 'a', '--tensor', '0', '--slice', '0'],
  prune: ['prune', 'one', '--dry-run'],
  report: ['report', 'a', 'b'],
  info: ['info'],
};

const printed = new Map<FormatName, string>();

beforeAll(async () => {
  for (const [name, line] of Object.entries(slurm)) {
    put(root, { [`bin/${name}`]: `#!/bin/sh\n${line}\n` });
    chmodSync(path.join(root, 'bin', name), 0o755);
  }
  await picture(3, 40, 50).toFile(path.join(root, 'cat.png'));
  writeFileSync(path.join(root, 'pairs.csv'), 'file,left,right\ncat.png,cat,bear\n');
  writeFileSync(path.join(root, 'plan.json'), JSON.stringify(plan([1, 2])));
  writeFileSync(path.join(root, 'slurm.json'), JSON.stringify(plan([3])));
  const mask = Uint8Array.from({ length: 32 * 32 }, (_, i) => (i % 32 < 6 && i < 32 * 6 ? 255 : 0));
  for (const split of ['train', 'validation']) {
    put(path.join(root, 'cells', split), {
      'images/1.png': await picture(1, 32, 32).png().toBuffer(),
      'masks/1.png': await sharp(mask, { raw: { height: 32, width: 32, channels: 1 } })
        .png()
        .toBuffer(),
    });
  }
  run('train', ...tiny, '--seed', '2', '--epochs', '1', '--out', 'b');
  run('train', '--model', 'unet', '--data', 'masks:cells', '--image-size', '32', '--epochs', '1', '--out', 'masked');
  for (const name of formatNames) printed.set(name, run(...commands[name], '--json'));
}, 900_000);

describe.each(formatNames)('%s', (name) => {
  const told = () => JSON.parse(printed.get(name)!) as Record<string, unknown>;
  const validate = validatorOf(name);

  it('is what the command prints, on one line, with its name and number first', () => {
    expect(printed.get(name)!.trimEnd()).not.toContain('\n');
    expect(formatIn(printed.get(name)!)).toBe(name);
    expect(Object.entries(told())[0]).toEqual(['format', { name: `samebits-${name}`, version: formats[name].version }]);
    expect(validate(told()), JSON.stringify(validate.errors)).toBe(true);
  });

  it('has a schema that refuses a field less, of another type, and another number, and lets one more pass', () => {
    const fields = Object.keys(told());
    const refused = (change: (result: Record<string, unknown>) => void) => {
      const altered = told();
      change(altered);
      return !validate(altered);
    };
    const required = jsonSchema(name)['required'] as string[];
    expect(fields).toEqual(expect.arrayContaining(required));
    for (const field of required) expect([field, refused((result) => delete result[field])]).toEqual([field, true]);
    for (const field of fields) {
      const other = { another: 'type' };
      if (field === 'targets' && name === 'compare') continue; // by target: another one is told by what it holds
      if (field === 'told') continue; // fields of a receipt, whatever they are
      expect([field, refused((result) => Object.assign(result, { [field]: other }))]).toEqual([field, true]);
    }
    const version = { name: `samebits-${name}`, version: formats[name].version + 1 };
    expect(refused((result) => Object.assign(result, { format: version }))).toBe(true);
    expect(refused((result) => Object.assign(result, { more: 1 }))).toBe(false);
  });

  it('is printed by samebits schema, and is in the list of docs/cli.md', () => {
    expect(JSON.parse(run('schema', name))).toEqual(JSON.parse(JSON.stringify(jsonSchema(name))));
    expect(text('docs/cli.md')).toContain(`| \`${name}\` | ${formats[name].version} |`);
  });
});

describe('samebits schema', () => {
  it('lists the formats, and says which there are when asked for another', () => {
    const lines = run('schema').trimEnd().split('\n');
    expect(lines.map((line) => line.split(/ +/))).toEqual(
      formatNames.map((name) => [name, String(formats[name].version)]),
    );
    const { code, stderr } = samebits(['schema', 'trian']);
    expect(code).toBe(2);
    expect(stderr).toBe(`samebits: schema: expected one of ${formatNames.join(', ')}, got 'trian'\n`);
  });
});
