// Where the addon is looked for: what was built here, then the package of the machine, of this version.

import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { addonFile } from '../../../lib/addon/index.js';
import { cudaPackages, loadAddon, platformPackages } from '../../../lib/addon/load.js';
import { cudaTargets, targets } from '../../package/packed.js';

const above = mkdtempSync(path.join(tmpdir(), 'samebits-addon-'));
afterAll(() => rmSync(above, { recursive: true }));

const linux = { platform: 'linux', arch: 'x64' };
const gnu = '@samebits/linux-x64-gnu';
const cuda = `${gnu}-cuda`;
let root = '';
let count = 0;

beforeEach(() => {
  root = path.join(above, String(count++));
  mkdirSync(root);
  writeFileSync(path.join(root, 'package.json'), JSON.stringify({ name: 'samebits', version: '1.2.3' }));
});

/** Puts an addon, or a text where one belongs, into a folder below the package's. */
function put(place: string, text?: string): string {
  const file = path.join(root, place, 'samebits.node');
  mkdirSync(path.dirname(file), { recursive: true });
  if (text === undefined) copyFileSync(addonFile, file);
  else writeFileSync(file, text);
  return file;
}

function putPackage(name: string, version: string, text?: string): string {
  const file = put(`node_modules/${name}`, text);
  const manifest = JSON.stringify({ name, version, main: 'samebits.node' });
  writeFileSync(path.join(path.dirname(file), 'package.json'), manifest);
  return file;
}

const builtHere = ['build/cuda/Release', 'build/Release', 'build/cmake/Release'];

/** The message of a load that finds none: what was tried behind the builds. */
const refused = (...packages: string[]) => {
  const from = path.relative(process.cwd(), root);
  const builds = builtHere.map((place) => `${path.join(from, place, 'samebits.node')} (not there)`);
  return (
    `samebits: expected a compiled addon, got none that loads: ${[...builds, ...packages].join('; ')}; ` +
    `install ${gnu} or @samebits/linux-x64-musl, or build it: node ${path.join(from, 'scripts/build.mjs')}`
  );
};

describe('the addon', () => {
  it('is the one that was built here, though a package is there too', () => {
    putPackage(gnu, '1.2.3');
    const built = put('build/Release');
    const { file, addon } = loadAddon<{ capabilities(): unknown }>({ ...linux, root });
    expect(file).toBe(built);
    expect(addon.capabilities()).toHaveProperty('contract');
  });

  it('is that of the platform package where none was built, or none that loads', () => {
    const file = putPackage(gnu, '1.2.3');
    put('build/cmake/Release', 'no addon');
    const loaded = loadAddon({ ...linux, root });
    expect(loaded.file).toBe(file);
    expect(loaded.passedOver).toEqual([expect.stringMatching(/build\/cmake\/Release\/samebits\.node \(.*\)$/)]);
  });

  it('is that with the kernels for CUDA where somebody installed it', () => {
    putPackage(gnu, '1.2.3');
    const file = putPackage(cuda, '1.2.3');
    expect(loadAddon({ ...linux, root })).toMatchObject({ file, passedOver: [] });
  });

  it.each([
    ['of another version', '1.2.2', undefined, 'version 1\\.2\\.2 where 1\\.2\\.3 belongs'],
    ['that does not load', '1.2.3', 'no addon', '.+'],
  ])('passes over one with kernels for CUDA %s, and tells why', (_what, version, text, reason) => {
    const file = putPackage(gnu, '1.2.3');
    putPackage(cuda, version, text);
    const loaded = loadAddon({ ...linux, root });
    expect(loaded.file).toBe(file);
    expect(loaded.passedOver).toEqual([expect.stringMatching(`^${cuda} \\(${reason}\\)$`)]);
  });

  it('is that of the other C library where the first does not load', () => {
    putPackage(gnu, '1.2.3', 'no addon');
    const file = putPackage('@samebits/linux-x64-musl', '1.2.3');
    expect(loadAddon({ ...linux, root }).file).toBe(file);
  });

  it('is none of another version', () => {
    putPackage(gnu, '1.2.4');
    const reasons = [
      `${cuda} (not installed)`,
      `${gnu} (version 1.2.4 where 1.2.3 belongs)`,
      '@samebits/linux-x64-musl (not installed)',
    ];
    expect(() => loadAddon({ ...linux, root })).toThrow(refused(...reasons));
  });

  it('that is nowhere is refused with all that was tried', () => {
    const reasons = [`${cuda} (not installed)`, `${gnu} (not installed)`, '@samebits/linux-x64-musl (not installed)'];
    expect(() => loadAddon({ ...linux, root })).toThrow(refused(...reasons));
  });

  it('is the chosen file and no other', () => {
    put('build/Release');
    const chosen = path.join(root, 'none.node');
    expect(() => loadAddon({ ...linux, root, chosen })).toThrow(
      `samebits: expected a compiled addon, got none that loads: ${path.relative(process.cwd(), chosen)} (not there); `,
    );
  });
});

it('has a package for every target by the rule that the loader follows', () => {
  for (const [target, { os, cpu }] of Object.entries<{ os: string[]; cpu: string[] }>(targets)) {
    const names = platformPackages({ platform: os[0]!, arch: cpu[0]! });
    expect(names).toContain(`@samebits/${target}`);
  }
  for (const [target, { os, cpu }] of Object.entries<{ os: string[]; cpu: string[] }>(cudaTargets)) {
    expect(cudaPackages({ platform: os[0]!, arch: cpu[0]! })).toEqual([`@samebits/${target}`]);
  }
});
