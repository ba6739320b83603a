// dist/ as it is published: one JavaScript file for each room, the names of lib/, and no package that would not be installed.
// The control of each count is the whole list.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'rolldown';
import { afterAll, describe, expect, it } from 'vitest';
import * as lib from '../../lib/index.js';
import { filesUnder, root } from './sources.js';

const folder = mkdtempSync(path.join(tmpdir(), 'samebits-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

const address = pathToFileURL(path.join(root, 'dist/index.js')).href;
const run = (code: string, ...flags: string[]): string => {
  const file = path.join(folder, 'run.mjs');
  writeFileSync(file, code);
  return execFileSync(process.execPath, [...flags, file], { encoding: 'utf8' });
};

/** The rooms that have code of their own: all but the public names, which only pass names on. */
const rooms = [...new Set(filesUnder('lib', ['.ts']).map((file) => file.split('/')[1]!))]
  .filter((room) => !['index.ts', 'public', 'cli'].includes(room))
  .sort();

describe('dist', () => {
  it('has one file for each room, two for the command line, and the help of the bundler', () => {
    expect(filesUnder('dist', ['.js'])).toEqual([
      ...['dist/cli/main.js', 'dist/cli/program.js', 'dist/index.js'],
      ...rooms.map((room) => `dist/rooms/${room}.js`),
      ...['dist/shared/rolldown-runtime.js', 'dist/shared/usingCtx.js'],
    ]);
  });

  it('is imported as one file for each room', () => {
    const child = path.join(root, 'test/architecture/loaded_child.mjs');
    const files = JSON.parse(execFileSync(process.execPath, [child, 'nothing'], { encoding: 'utf8' })) as string[];
    const ours = files.filter((file) => file.includes('/dist/')).map((file) => /\/(dist\/.*)$/.exec(file)![1]!);
    expect(ours.sort()).toEqual(filesUnder('dist', ['.js']).filter((file) => !file.startsWith('dist/cli/')));
  });

  it('gives the names that lib gives', () => {
    const names = JSON.parse(run(`console.log(JSON.stringify(Object.keys(await import('${address}'))))`));
    expect(names).toEqual(Object.keys(lib).sort());
  });

  it('is dropped by no bundler where something needs it unseen: fit needs the room of trainings', async () => {
    const entry = path.join(folder, 'user.mjs');
    writeFileSync(entry, `export { sequential } from '${path.join(root, 'dist/index.js')}';\n`);
    const { output } = await build({
      input: entry,
      platform: 'node',
      external: /^[^./]/,
      write: false,
      logLevel: 'silent',
    });
    expect(output[0].code).toMatch(/^provideRunFit\(fitRun\);$/m);
    expect(output[0].code).not.toContain('function writeReport'); // a control: what nobody needs is dropped
  });

  it('names file and line of lib in a stack, where Node is asked to', () => {
    const code = `const { tensor } = await import('${address}');\ntry { tensor(); } catch (error) { console.log(error.stack); }`;
    expect(run(code, '--enable-source-maps')).toMatch(/lib\/tensor\/create\.ts:\d+/);
    expect(run(code)).toMatch(/dist\/rooms\/tensor\.js:\d+/);
  });
});
