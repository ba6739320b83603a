// Trainings without pictures, and without accuracy, in every command that trains: an autoencoder, whose targets are values
// and which has no metric, and samples to which several classes apply. What is measured follows the compiled model.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../architecture/sources.js';
import { samebits } from '../support/cli.js';

const files = {
  'autoencoder.mjs': `import { defineModel, layers, sequential } from 'samebits';
const { dense, input } = layers;
export default defineModel({
  name: 'autoencoder',
  build: ({ sampleShape, targetShape }) =>
    sequential([
      input({ shape: sampleShape }),
      dense({ units: 6, activation: 'relu' }),
      dense({ units: targetShape[0], activation: 'sigmoid' }),
    ]),
  loss: 'binaryCrossentropy',
});
`,
  'waves.mjs': `import { defineData } from 'samebits';
const split = (count, from) => {
  const x = Float32Array.from({ length: 16 * count }, (_, i) => (((i >> 4) + from) * 5 + (i & 15) * 3) % 17 / 16);
  return { x, y: x, sampleShape: [16], targetShape: [16] };
};
export default defineData({ train: split(48, 0), validation: split(16, 48), targets: 'value' });
`,
  'tags.mjs': `import { defineModel, layers, sequential } from 'samebits';
const { dense, input } = layers;
export default defineModel({
  name: 'tags',
  build: ({ sampleShape, classes }) =>
    sequential([
      input({ shape: sampleShape }),
      dense({ units: 8, activation: 'relu' }),
      dense({ units: classes, activation: 'sigmoid' }),
    ]),
});
`,
  'labels.mjs': `import { defineData } from 'samebits';
const split = (count, from) => ({
  x: Array.from({ length: count }, (_, n) => Array.from({ length: 12 }, (_, i) => (((n + from) * (i + 3)) % 7) / 7)),
  y: Array.from({ length: count }, (_, n) => [n % 2, Number(n % 3 === 0), Number(n % 5 < 2)]),
});
export default defineData({ train: split(48, 0), validation: split(16, 48), targets: 'several' });
`,
};

let folder = '';
/** Everything that commands of these trainings have said. */
const said: string[] = [];

function run(...args: string[]) {
  const outcome = samebits(args, {}, folder);
  said.push(outcome.stdout, outcome.stderr);
  return outcome;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samebits-values-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'samebits'), 'dir');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** All text that lies in a folder and is for people or programs to read; of pages, what they show. */
function textsIn(path: string): string[] {
  const found = readdirSync(join(folder, path), { recursive: true, encoding: 'utf8' });
  return found
    .filter((name) => /\.(?:json|jsonl|csv|html|svg|tex|txt)$/.test(name))
    .map((name) => readFileSync(join(folder, path, name), 'utf8').replace(/<style>[\s\S]*?<\/style>/g, ''));
}

const cases = [
  {
    kind: 'value',
    model: 'autoencoder',
    data: 'waves',
    metrics: [] as string[],
    line: /^loss +\d\.\d{4}, validation \d\.\d{4}$/m,
  },
  {
    kind: 'several',
    model: 'tags',
    data: 'labels',
    metrics: ['binaryAccuracy'],
    line: /^binary accuracy +\d+\.\d %, validation \d+\.\d %$/m,
  },
];

describe.each(cases)('targets of kind $kind', ({ model, data, metrics, line }) => {
  const task = ['--model', `./${model}.mjs`, '--data', `./${data}.mjs`, '--batch-size', '16'];
  const at = (name: string) => `${model}-${name}`;
  const valNames = metrics.map((name) => `val${name[0]!.toUpperCase()}${name.slice(1)}`);
  let weightsHash = '';

  it('train, and tell what is measured', () => {
    const kept = ['--trace', 'steps', '--checkpoints', 'all', '--out', at('whole')];
    const { code, stdout } = run('train', ...task, '--epochs', '2', '--threads', '2', ...kept);
    expect(code).toBe(0);
    expect(stdout).toMatch(line);
    weightsHash = /^weights +(\S+)$/m.exec(stdout)![1]!;
    const names = ['epoch', 'loss', ...metrics, 'valLoss', ...valNames, 'seconds', 'weightsHash'];
    const history = readFileSync(join(folder, at('whole'), 'history.jsonl'), 'utf8')
      .trim()
      .split('\n');
    expect(history.map((epoch) => Object.keys(JSON.parse(epoch)))).toEqual([names, names]);
  });

  it('go on in the same bits and counts with another thread count and instruction set', () => {
    const begun = ['--epochs', '1', '--threads', '1', '--isa', 'scalar', '--out', at('parts')];
    expect(run('train', ...task, ...begun).code).toBe(0);
    const rest = JSON.parse(run('train', '--resume', at('parts'), '--epochs', '2', '--json').stdout);
    expect(rest.weightsHash).toBe(weightsHash);
    const whole = JSON.parse(readFileSync(join(folder, at('whole'), 'result.json'), 'utf8'));
    const counted = (epochs: object[]) => epochs.map((epoch) => ({ ...epoch, seconds: 0 }));
    expect(counted(rest.epochs)).toEqual(counted(whole.epochs));
  });

  it('are verified from their receipt', () => {
    const receipt = join(at('whole'), 'receipt.json');
    const { stdout, code } = run('verify', receipt, '--data', `./${data}.mjs`, '--threads', '1');
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'equal']);
    expect(stdout).not.toContain('[object');
  });

  it('are attributed', () => {
    const { stdout } = run('attribute', ...task, '--steps', '2', '--runs', '1', '--threads', '2');
    expect(stdout).toContain('16 validation samples');
    const json = run('attribute', ...task, '--steps', '2', '--runs', '1', '--threads', '2', '--json');
    expect(JSON.parse(json.stdout).predicted).toEqual({ samples: 16, of: 'validation' });
  });

  it('are compared, with reports of the comparison and of single runs', () => {
    const compared = ['--epochs', '2', '--runs', '2', '--threads', '2', '--explain', '2', '--out', at('both')];
    const { code, stdout, stderr } = run('compare', ...task, ...compared);
    expect(code).toBe(0);
    expect(stdout).toContain(weightsHash.slice('sha256:'.length, 'sha256:'.length + 12));
    expect(stderr).toContain('no sample is explained');
    const reported = run('report', at('whole'), at('parts'), '--out', at('report'));
    expect(reported.stdout).toContain('the same predictions, bit for bit');
  });

  it('say nothing of pictures, and of accuracy only where it is measured', () => {
    const texts = [...said, ...['whole', 'parts', 'both', 'report'].flatMap((name) => textsIn(at(name)))];
    expect(texts.length).toBeGreaterThan(20);
    expect(texts.join('\n')).not.toMatch(/picture|imageSize|image size/i);
    if (metrics.length === 0) expect(texts.join('\n')).not.toMatch(/accuracy/i);
    said.length = 0;
  });
});

describe('metrics that are asked for', () => {
  const tags = ['train', '--model', './tags.mjs', '--data', './labels.mjs', '--batch-size', '16', '--epochs', '1'];
  const asked = (...words: string[]) => samebits([...tags, ...words], {}, folder);
  const last = (...words: string[]) => JSON.parse(asked('--json', ...words).stdout).epochs[0];

  it('stand under their names, or none do; learning is the same', () => {
    const usual = last();
    const named = last('--metrics', 'accuracy', '--metrics', 'categoricalAccuracy:name=hits');
    expect(named).toMatchObject({ hits: named.accuracy, valHits: named.valAccuracy });
    expect(usual.binaryAccuracy).not.toBe(named.accuracy);
    const none = last('--metrics', 'none');
    expect(Object.keys(none)).toEqual(['epoch', 'loss', 'valLoss', 'seconds', 'weightsHash']);
    expect([named.weightsHash, none.weightsHash]).toEqual([usual.weightsHash, usual.weightsHash]);
    expect([named.loss, none.valLoss]).toEqual([usual.loss, usual.valLoss]);
  });

  it.each([
    [['accuracy', 'accuracy'], 'accuracy'],
    [['binaryAccuracy:name=seconds'], 'seconds'],
    [['accuracy', 'binaryAccuracy:name=Accuracy'], 'Accuracy'],
    [['binaryAccuracy:name=valHits'], 'valHits'],
  ])('are refused where an epoch has such a name already: %s', (metrics, name) => {
    const { code, stderr } = asked(...metrics.flatMap((one) => ['--metrics', one]));
    expect(stderr).toContain(
      `samebits: train: expected metrics to have names of their own, got '${name}'; an epoch has loss, epoch, seconds, weightsHash and those of validation; words choose a name: binaryAccuracy:name=hits\n`,
    );
    expect(code).toBe(2);
  });
});
