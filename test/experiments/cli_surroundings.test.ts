// The command line in a poor place: without a cache it can write, and with nobody who reads what it says.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../data/pictures.js';
import { samebits, samebitsUnread } from '../support/cli.js';

const training = ['--model', 'mini_xception', '--data', 'synthetic', '--samples', '4', '--image-size', '32'];
const short = [...training, '--epochs', '1', '--batch-size', '4'];

describe('without a cache it can write', () => {
  /** An environment whose home lies below a regular file, and the line that says so. */
  function homeless() {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const folder = join(file, '.cache', 'samebits');
    return {
      env: { HOME: file, XDG_CACHE_HOME: '', SAMEBITS_CACHE: '' },
      note: `dataset cache: '${folder}' cannot be used (ENOTDIR), so pictures are prepared in memory; SAMEBITS_CACHE names another folder`,
    };
  }
  const notes = (stderr: string) => stderr.split('\n').filter((line) => line.includes('cache'));

  it('train says so in one line and ends in the same bits, and so do verify and attribute', () => {
    const { env, note } = homeless();
    const run = join(temporaryFolder(), 'run');
    const kept = samebits(['train', ...short, '--json'], { SAMEBITS_CACHE: temporaryFolder() });
    expect([kept.code, notes(kept.stderr)]).toEqual([0, []]);
    const without = samebits(['train', ...short, '--json', '--out', run], env);
    expect([without.code, notes(without.stderr)]).toEqual([0, [note]]);
    const [one, two] = [kept, without].map(({ stdout }) => JSON.parse(stdout));
    expect(two.weightsHash).toBe(one.weightsHash);
    expect(two.dataHash).toBe(one.dataHash);
    const verified = samebits(['verify', run], env);
    expect([verified.code, notes(verified.stderr)]).toEqual([0, [note]]);
    const attributed = samebits(['attribute', ...training, '--batch-size', '4', '--steps', '1', '--runs', '1'], env);
    expect([attributed.code, notes(attributed.stderr)]).toEqual([0, [note]]);
  });

  it('compare says once what each of its trials notes', () => {
    const { env, note } = homeless();
    const out = join(temporaryFolder(), 'out');
    const compare = ['compare', ...short, '--modes', 'deterministic', '--runs', '2', '--explain', '1', '--out', out];
    const first = samebits(compare, env);
    expect([first.code, notes(first.stderr)]).toEqual([0, [note]]);
    // All trials are kept now: only the explanations open pictures.
    const again = samebits(compare, env);
    expect([again.code, notes(again.stderr)]).toEqual([0, [note]]);
  });
});

describe('with nobody who reads', () => {
  it('stdout, a command ends quietly with its usual code', async () => {
    expect(await samebitsUnread(['--help'], 'stdout')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await samebitsUnread(['info'], 'stdout')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('stdout, a training does its work and says the rest', async () => {
    const run = join(temporaryFolder(), 'run');
    const { code, stderr } = await samebitsUnread(['train', ...short, '--json', '--out', run], 'stdout');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^reading pictures\n(train|validation|epoch|validating)/);
    expect(stderr).not.toMatch(/EPIPE|\n {4}at /);
    expect(existsSync(join(run, 'receipt.json'))).toBe(true);
  });

  it('stderr, a training does its work and answers on stdout', async () => {
    const { code, stdout } = await samebitsUnread(['train', ...short, '--json'], 'stderr');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).epochs).toHaveLength(1);
  });

  it('stderr, bad use is still 2 and a failure still 1', async () => {
    const badUse = await samebitsUnread(['train', '--model', 'nobody', '--data', 'synthetic'], 'stderr');
    expect(badUse).toEqual({ code: 2, stdout: '', stderr: '' });
    const empty = ['train', '--model', 'mini_xception', '--data', temporaryFolder()];
    expect(await samebitsUnread(empty, 'stderr')).toEqual({ code: 1, stdout: '', stderr: '' });
  });
});
