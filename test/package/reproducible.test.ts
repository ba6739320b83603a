// Two builds of the addon give the same bytes, in whatever folder: objects of every kind of source, compiled as binding.gyp says,
// have the bytes of those compiled in another folder. Controls: a flag that writes the folder into them, and another source.

import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, text } from '../architecture/sources.js';
import { cudaTargets, ran, targetOf, thisTarget } from './packed.js';

const above = mkdtempSync(path.join(tmpdir(), 'samebits-builds-'));
afterAll(() => rmSync(above, { recursive: true }));

const [compiler, ...chosen] = (process.env['CXX'] ?? 'g++').split(' ') as [string, ...string[]];
const isThere = spawnSync(compiler, ['--version']).status === 0;
const flags = [...text('binding.gyp').matchAll(/"(-[^"]+)"/g)]
  .map(([, flag]) => flag!)
  .filter((flag) => /^-(?:std=c\+\+20|O3|f(?!no-rtti)|W)/.test(flag));
const folders = ['one', 'another/of/longer/name'];

/** The bytes of an object, compiled in a folder from within its build folder, as make does. */
function object(folder: string, source: string, ...more: string[]): Buffer {
  const build = path.join(above, folder, 'build');
  mkdirSync(build, { recursive: true });
  const args = [...chosen, ...new Set(flags), ...more, '-fPIC', '-I../native', '-c', `../${source}`, '-o', 'object.o'];
  // An object out of a cache would prove nothing.
  ran(compiler, args, build, { ...process.env, CCACHE_DISABLE: '1' });
  return readFileSync(path.join(build, 'object.o'));
}

beforeAll(() => {
  for (const folder of folders)
    cpSync(path.join(root, 'native'), path.join(above, folder, 'native'), { recursive: true });
});

describe.skipIf(!isThere)(`objects of ${compiler}`, () => {
  const sources = ['native/runtime/detect.cc', 'native/runtime/kernel_table.cc', 'native/ops/rescaling/rescaling.cc'];

  it.each(sources)('%s are the same bytes in two folders', (source) => {
    expect(flags).toContain('-ffp-contract=off');
    const [one, other] = folders.map((folder) => object(folder, source));
    expect(one!.equals(other!)).toBe(true);
  });

  it('with the folder in them differ (control)', () => {
    const [one, other] = folders.map((folder) => object(folder, sources[0]!, '-g'));
    expect(one!.equals(other!)).toBe(false);
    expect(other!.includes(folders[1]!)).toBe(true);
  });

  it('of another source differ (control)', () => {
    const before = object(folders[0]!, sources[0]!);
    appendFileSync(path.join(above, folders[0]!, sources[0]!), '\nint samebits_another() { return 1; }\n');
    expect(object(folders[0]!, sources[0]!).equals(before)).toBe(false);
  });
});

describe('the addon that is packed', () => {
  it('is known for the system that it was built for, and names no folder', () => {
    const addon = readFileSync(path.join(root, 'build/Release/samebits.node'));
    expect(targetOf(addon)).toBe(thisTarget());
    expect(addon.includes(root.replace(/\/$/, ''))).toBe(false);
  });

  const noCuda = cudaTargets[`${thisTarget()}-cuda`] === undefined;
  it.skipIf(noCuda)(
    'is known to have kernels for CUDA by the section that nvcc makes, and is packed for those who ask by name',
    () => {
      const addon = readFileSync(path.join(root, 'build/Release/samebits.node'));
      const file = path.join(above, 'cuda.node');
      writeFileSync(file, Buffer.concat([addon, Buffer.from('\0.nv_fatbin\0')]));
      const target = `${thisTarget()}-cuda`;
      expect(targetOf(readFileSync(file))).toBe(target);
      const pack = (of: string) => {
        const args = ['scripts/pack.mjs', 'platform', '--target', of, '--addon', file, '--out', above];
        return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
      };
      const made = pack(target);
      expect(made.stderr).toBe('');
      const tarball = path.join(above, `samebits-${target}-${JSON.parse(text('package.json')).version}.tgz`);
      const manifest = JSON.parse(ran('tar', ['-xzOf', tarball, 'package/package.json'], above));
      expect(manifest).toMatchObject({ name: `@samebits/${target}`, ...cudaTargets[target] });
      expect(pack(thisTarget()).stderr).toBe(`pack: expected an addon for ${thisTarget()}, got one for ${target}\n`);
    },
  );

  it('is refused for another system (control)', () => {
    const args = ['scripts/pack.mjs', 'platform', '--target', 'darwin-arm64', '--addon', 'build/Release/samebits.node'];
    const { status, stderr } = spawnSync(process.execPath, [...args, '--out', above], { cwd: root, encoding: 'utf8' });
    expect([status, stderr]).toEqual([2, `pack: expected an addon for darwin-arm64, got one for ${thisTarget()}\n`]);
    const headers = {
      'darwin-arm64': [0xcf, 0xfa, 0xed, 0xfe, 0x0c, 0, 0, 1],
      'darwin-x64': [0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1],
    };
    for (const [target, bytes] of Object.entries(headers)) {
      expect(targetOf(Buffer.concat([Buffer.from(bytes), Buffer.alloc(64)]))).toBe(target);
    }
    expect(targetOf(Buffer.from('no addon at all, but long enough to have a header of any of the three formats'))).toBe(
      undefined,
    );
  });
});
