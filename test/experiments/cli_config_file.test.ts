// `--config`: a file of settings is what its options would be, and options count more.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samebits } from '../support/cli.js';

let folder = '';
const config = (content: unknown): string => {
  const file = join(folder, 'config.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samebits-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const settings = { model: 'keras_convnet', data: 'synthetic', imageSize: 80, samples: 16, epochs: 2, batchSize: 8 };
const hashOf = (...args: string[]): string => {
  const { code, stdout, stderr } = samebits(['train', ...args, '--json']);
  expect(code === 0 ? '' : stderr).toBe('');
  return JSON.parse(stdout).weightsHash;
};

describe('--config', () => {
  it('is what its options would be; an option given beside it comes first', () => {
    const asked = ['-m', 'keras_convnet', '-d', 'synthetic', '-i', '80', '--samples', '16', '-b', '8'];
    const two = hashOf(...asked, '-e', '2');
    expect(hashOf('-c', config(settings))).toBe(two);
    const one = hashOf('--config', config(settings), '--epochs', '1');
    expect(one).not.toBe(two);
    expect(one).toBe(hashOf(...asked, '-e', '1'));
  });

  const refused: [string, string, unknown, string][] = [
    ['train', 'is no JSON', '{', "read: expected a JSON file 'FILE', got"],
    ['train', 'is a list', [1], '--config: expected options model, '],
    ['train', 'has a setting that there is none', { ...settings, epoch: 1 }, "got 'epoch'; did you mean epochs?"],
    ['compare', 'has one of another command', { ...settings, mode: 'atomic' }, "got 'mode'"],
    [
      'train',
      'has a value out of its range',
      { ...settings, epochs: 0 },
      '--config: expected epochs to be an integer >= 1, got 0',
    ],
  ];
  it.each(refused)('of %s that %s is refused before any work', (command, _what, content, words) => {
    const file = config(content);
    const { code, stdout, stderr } = samebits([command, '--config', file, '--out', join(folder, 'out')]);
    expect(stderr).toContain(words.replace('FILE', file));
    expect({ code, stdout }).toEqual({ code: words.startsWith('read') ? 1 : 2, stdout: '' });
  });
});
