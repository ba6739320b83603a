// A run folder of somebody else may name any path: what it names is shown and asked for, and followed only in a folder that
// this user began. Controls: the same folder with its own mark goes on alone.

import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { train, verifyReceipt } from '../../../lib/index.js';
import { isOwnMark, markOf } from '../../../lib/runs/own_mark.js';
import { forgeReceipt } from '../../support/forge.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-own-'));
const at = (...path: string[]) => join(folder, ...path);
const before = process.env['SAMEBITS_KEY'];
const model = at('net.mjs');
const data = at('points.mjs');
const as = (user: string) => {
  process.env['SAMEBITS_KEY'] = at(`${user}.key`);
};

/** A module that tells, by a file, that it was run. */
const code = (file: string, text: string) =>
  `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(at(`${file}.ran`))}, '');\n${text}\n`;
const library = JSON.stringify(new URL('../../../lib/index.js', import.meta.url).href.replace('/lib/', '/dist/'));

beforeAll(async () => {
  as('me');
  const layers = 'layers.input({ shape: sampleShape }), layers.dense({ units: 1, activation: "sigmoid" })';
  const net = `import { defineModel, layers, sequential } from ${library};\nexport default defineModel({ name: 'net', build: ({ sampleShape }) => sequential([${layers}]) });`;
  const points = `export default { train: { x: [[0, 1], [1, 0], [1, 1], [0, 0]], y: [0, 1, 1, 0] } };`;
  writeFileSync(model, code('net', net));
  writeFileSync(data, code('points', points));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  if (before === undefined) delete process.env['SAMEBITS_KEY'];
  else process.env['SAMEBITS_KEY'] = before;
});

describe('the mark', () => {
  it('is that of one user on one text, and its key is for nobody else to read', () => {
    as('me');
    const mark = markOf('settings');
    expect(isOwnMark(mark, 'settings')).toBe(true);
    expect(isOwnMark(mark, 'settings ')).toBe(false);
    expect(isOwnMark(undefined, 'settings')).toBe(false);
    expect(
      isOwnMark(
        mark!.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
        'settings',
      ),
    ).toBe(false);
    expect(statSync(at('me.key')).mode & 0o777).toBe(0o600);
    as('other');
    expect(isOwnMark(mark, 'settings')).toBe(false);
    expect(markOf('settings')).not.toBe(mark);
  });

  it('is not there for a user who can keep no key', () => {
    writeFileSync(at('file'), '');
    process.env['SAMEBITS_KEY'] = at('file', 'key');
    expect(markOf('settings')).toBeUndefined();
    expect(isOwnMark('hmac-sha256:'.padEnd(76, '0'), 'settings')).toBe(false);
  });
});

describe('a run on code and data of folders', () => {
  const photos = at('photos');
  const settings = { model: 'keras_convnet', epochs: 1, batchSize: 2, imageSize: 78, threads: 1 };

  it('goes on and is verified alone by who began it, and asks everybody else for what it names', async () => {
    as('me');
    const stop = new AbortController();
    const out = at('run');
    const onStep = () => stop.abort(new Error('stopped'));
    await expect(
      train({ ...settings, data: 'synthetic', samples: 4, out }, { onStep, signal: stop.signal }),
    ).rejects.toThrow('stopped');
    const path = join(out, 'settings.json');
    const { mark, ...kept } = JSON.parse(readFileSync(path, 'utf8'));
    expect(mark).toMatch(/^hmac-sha256:[0-9a-f]{64}$/);
    // As a stranger would write it: another folder, under a mark that is not this user's on it.
    writeFileSync(path, JSON.stringify({ ...kept, data: photos, mark }));
    await expect(train({ resume: out })).rejects.toThrow(
      `resume: expected data beside the run '${out}', got none; the run was not begun by this user on this machine; it names data '${photos}', which is not followed`,
    );
    writeFileSync(path, JSON.stringify({ ...kept, model, data, mark }));
    await expect(train({ resume: out })).rejects.toThrow(
      `resume: expected model and data beside the run '${out}', got none; the run was not begun by this user on this machine; it names model '${model}', data '${data}', which is not followed`,
    );
    expect(existsSync(at('net.ran')) || existsSync(at('points.ran'))).toBe(false);
    writeFileSync(path, JSON.stringify({ ...kept, mark }));
    expect((await train({ resume: out })).epochs).toHaveLength(1);
  });

  it('is verified on data that the verifier names, or on those of a run of their own', async () => {
    as('me');
    const out = at('own-data');
    await train({ model: 'keras_convnet', data: 'synthetic', samples: 4, imageSize: 78, epochs: 1, batchSize: 2, out });
    cpSync(out, at('received'), { recursive: true });
    as('other');
    // Synthetic pictures lie nowhere: they can be made by everybody.
    expect(await verifyReceipt(at('received'))).toMatchObject({ equal: true });
    forgeReceipt(at('received'), ({ options }) => {
      options.data = photos;
    });
    await expect(verifyReceipt(at('received'))).rejects.toThrow(
      `verify: expected data, where those of the training lie now, got none; the receipt names '${photos}', which is not followed: the run is not of this user on this machine`,
    );
  });
});
