// Modules of one's own: each way in which one can fail is one sentence that names file and member, and the hash of one says
// what belongs to it and nothing of where it lies.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { show } from '../../../lib/errors/index.js';
import { openTask } from '../../../lib/index.js';
import { models } from '../../../lib/networks/index.js';
import { moduleHash } from '../../../lib/tasks/module_hash.js';
import { put, temporaryFolder } from '../../data/pictures.js';

/** An error with just this message. */
const saying = (message: string) => expect.objectContaining({ message });
const folder = mkdtempSync(join(tmpdir(), 'samebits-modules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

const data = `export default { train: { x: [[0], [1]], y: [0, 1] } };\n`;
put(folder, {
  'data.mjs': data,
  'bare.mjs': 'export const build = 1, name = 2;\n',
  'nothing.mjs': 'export {};\n',
  'throws.mjs': "throw new RangeError('no such digit\\nat all');\n",
  'broken.mjs': 'export default {;\n',
  'lost.mjs': "import './gone.mjs';\nexport default {};\n",
  'number.mjs': 'export default 7;\n',
  'unbuilt.mjs': "export default { name: 'a' };\n",
  'unnamed.mjs': 'export default { build() {} };\n',
  'more.mjs': "export default { name: 'a', build() {}, losses: 1 };\n",
  'null.mjs': "export default { name: 'a', build: () => null };\n",
  'async.mjs': "export default { name: 'a', build: async () => null };\n",
  'bug.mjs': "export default { name: 'a', build: ({ shape }) => shape.length };\n",
  'bad_reader.mjs': "export default { train: () => { throw new TypeError('no file'); } };\n",
  'bad_digest.mjs': "export default { train: { x: [[0], [1]], y: [0, 1] }, digest: 'v1' };\n",
});

describe('a model or data by a module are refused', () => {
  const model = (name: string) => ({ model: at(name), data: at('data.mjs') });
  const given = (name: string) => ({ model: 'keras_convnet', data: at(name) });
  it.each<[string, { model: string; data: string }, string]>([
    ['that is not there', model('gone.mjs'), `train: expected a module '${at('gone.mjs')}', got no such file`],
    [
      'that throws',
      model('throws.mjs'),
      `train: expected module '${at('throws.mjs')}' to load, got RangeError: no such digit`,
    ],
    [
      'without a default export',
      model('bare.mjs'),
      `train: expected a default export in module '${at('bare.mjs')}', got exports 'build', 'name'; export default defineModel({ ... })`,
    ],
    [
      'without any export',
      given('nothing.mjs'),
      `train: expected a default export in module '${at('nothing.mjs')}', got exports none; export default defineData({ ... })`,
    ],
    [
      'with a number',
      model('number.mjs'),
      `train default export of '${at('number.mjs')}': expected options name, build, optimizer, loss, lossWeights, metrics, weightedMetrics, schedule, classes, got 7; give them by name in one object`,
    ],
    [
      'without build',
      model('unbuilt.mjs'),
      `train default export of '${at('unbuilt.mjs')}': expected build to be a function that returns a model, got undefined`,
    ],
    [
      'without a name',
      model('unnamed.mjs'),
      `train default export of '${at('unnamed.mjs')}': expected name to be a word, got undefined`,
    ],
    [
      'with another member',
      model('more.mjs'),
      `train default export of '${at('more.mjs')}': expected options name, build, optimizer, loss, lossWeights, metrics, weightedMetrics, schedule, classes, got 'losses'`,
    ],
    [
      'that builds nothing',
      model('null.mjs'),
      `train '${at('null.mjs')}': expected build of model 'a' to return a model, got null`,
    ],
    [
      'that builds later',
      model('async.mjs'),
      `train '${at('async.mjs')}': expected build of model 'a' to return a model, got a promise; build must not be async`,
    ],
    [
      'whose build throws',
      model('bug.mjs'),
      `train '${at('bug.mjs')}': expected build of model 'a' to return a model, got TypeError: Cannot read properties of undefined (reading 'length')`,
    ],
    [
      'whose samples throw',
      given('bad_reader.mjs'),
      `train default export of '${at('bad_reader.mjs')}': expected samples, got TypeError: no file`,
    ],
    [
      'with a bad member of data',
      given('bad_digest.mjs'),
      `train default export of '${at('bad_digest.mjs')}': expected digest to be 'sha256:' and 64 hex digits, got 'v1'`,
    ],
    [
      'that has neither a known name nor an ending',
      { model: 'lenet', data: at('data.mjs') },
      `train: expected model to be one of ${Object.keys(models).map(show).join(', ')} or a file (.mjs, .js, .ts, .keras, .json), got 'lenet'`,
    ],
  ])('%s', async (_what, settings, message) => {
    await expect(openTask(settings, { who: 'train' })).rejects.toThrow(saying(message));
  });

  it('that is no module or imports what is not there, in Node’s own words', async () => {
    await expect(openTask(model('broken.mjs'), { who: 'train' })).rejects.toThrow(
      `train: expected module '${at('broken.mjs')}' to load, got `,
    );
    await expect(openTask(model('lost.mjs'), { who: 'train' })).rejects.toThrow(
      `train: expected module '${at('lost.mjs')}' to load, got Error: Cannot find module '`,
    );
  });

  it('that changed since this process loaded it', () => {
    const changed = temporaryFolder();
    put(changed, { 'numbers.mjs': data });
    const script = `
      import { appendFileSync } from 'node:fs';
      import { openTask } from ${JSON.stringify(pathToFileURL('dist/index.js').href)};
      const open = () => openTask({ model: 'keras_convnet', data: './numbers.mjs' }).catch(({ message }) => console.log(message));
      await open();
      appendFileSync('numbers.mjs', '// and more');
      await open();`;
    const args = ['--input-type=module', '--eval', script];
    const [first, second] = execFileSync(process.execPath, args, { cwd: changed, encoding: 'utf8' }).split('\n');
    expect(first).toBe('keras_convnet: expected samples [height, width, channels], got [1]');
    expect(second).toMatch(
      /^openTask: expected module '.\/numbers.mjs' as this process loaded it, sha256:[0-9a-f]{64}, got sha256:[0-9a-f]{64}; Node keeps what it loaded first; begin a new process$/,
    );
  });
});

describe('the hash of a module', () => {
  const files = {
    'net.mjs':
      "import { b } from './lib/b.mjs';\nexport * from '../beside.mjs';\nawait import('./late.mjs');\nimport 'node:fs';\nimport 'samebits';\n",
    'lib/b.mjs': "import c from './c.json' with { type: 'json' };\nimport '../net.mjs';\nexport const b = c;\n",
    'lib/c.json': '{}',
    'late.mjs': "const name = './unseen.mjs';\nawait import(name);\n",
    'unseen.mjs': '',
    '../beside.mjs': 'export const d = 1;\n',
  };
  const hashIn = async (where: string, changed: Record<string, string> = {}) => {
    put(join(where, 'own'), { ...files, ...changed });
    return await moduleHash('test', join(where, 'own', 'net.mjs'));
  };

  it('is that of the file and its relative imports, by their paths from it', async () => {
    const names = ['../beside.mjs', 'late.mjs', 'lib/b.mjs', 'lib/c.json', 'net.mjs'] as const;
    const sha = (text: string) => createHash('sha256').update(text).digest('hex');
    const text = names.map((name) => `${JSON.stringify([name, sha(files[name])])}\n`).join('');
    const [one, other] = [temporaryFolder(), temporaryFolder()];
    expect(await hashIn(one)).toBe(`sha256:${sha(text)}`);
    cpSync(one, join(other, 'moved'), { recursive: true });
    expect(await moduleHash('test', join(other, 'moved', 'own', 'net.mjs'))).toBe(`sha256:${sha(text)}`);
  });

  it('changes with each file it follows, and with no other', async () => {
    const before = await hashIn(temporaryFolder());
    for (const name of ['net.mjs', 'lib/b.mjs', 'lib/c.json', 'late.mjs', '../beside.mjs'] as const) {
      expect(await hashIn(temporaryFolder(), { [name]: `${files[name]} ` }), name).not.toBe(before);
    }
    expect(await hashIn(temporaryFolder(), { 'unseen.mjs': '1' })).toBe(before);
  });

  it('follows TypeScript, which may call its files .js', async () => {
    const typed = {
      'net.ts':
        "import type { A } from './types.js';\nimport { b } from './b.ts';\nexport default { a: b<A>(1) satisfies A };\n",
      'types.ts': 'export interface A<T = string> { readonly a?: T }\n',
      'b.ts': 'export function b<const T>(x: unknown): x is T { return x as never; }\n',
    };
    const hashOf = async (changed: Record<string, string>) => {
      const where = temporaryFolder();
      put(where, { ...typed, ...changed });
      return await moduleHash('test', join(where, 'net.ts'));
    };
    const before = await hashOf({});
    expect(await hashOf({ 'types.ts': 'export interface A {}\n' })).not.toBe(before);
    expect(await hashOf({ 'b.ts': 'export const b = 1;\n' })).not.toBe(before);
  });
});
