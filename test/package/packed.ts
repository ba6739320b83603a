// The packages as they are published, made by the scripts that make them, and an install of them by npm without a network.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect } from 'vitest';
import { root } from '../architecture/sources.js';

/** An entry of a lock file. */
interface Locked {
  version: string;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  [more: string]: unknown;
}

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const manifest = read(join(root, 'package.json'));

export const { cudaTargets, packageOf, targetOf, targets, thisTarget } = await import(
  new URL('../../scripts/pack/targets.mjs', import.meta.url).href
);

/** What a program that has to succeed prints. */
export function ran(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 26 });
  expect(status === 0 ? '' : `${stdout}${stderr}`).toBe('');
  return stdout;
}

/** Makes both tarballs in `out`; their names. */
export function packAll(out: string): { core: string; platform: string } {
  const made = (what: string) =>
    basename(ran(process.execPath, ['scripts/pack.mjs', what, '--out', out], root).split('  ')[0]!);
  return { core: made('core'), platform: made('platform') };
}

/** Unpacks a tarball as the package `name` of node_modules in `folder`. */
export function unpack(folder: string, tarball: string, name: string): string {
  const place = join(folder, 'node_modules', name);
  mkdirSync(place, { recursive: true });
  ran('tar', ['-xzf', join(folder, tarball), '--strip-components=1', '-C', place], folder);
  return place;
}

/** Where the lock file of the checkout has the package that `from` finds by a name. */
function placeOf(packages: Record<string, Locked>, from: string, name: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const place = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (packages[place] !== undefined || at === '') return packages[place] === undefined ? undefined : place;
  }
}

/** All that the dependencies of a plain install need, by their places in the lock file of the checkout. */
function needed(packages: Record<string, Locked>): string[] {
  const found = new Set<string>();
  const add = (from: string, names: readonly string[]) => {
    for (const name of names) {
      const place = placeOf(packages, from, name);
      if (place === undefined || found.has(place)) continue;
      found.add(place);
      const { dependencies, optionalDependencies } = packages[place]!;
      add(place, Object.keys({ ...dependencies, ...optionalDependencies }));
    }
  };
  add('', Object.keys(manifest.dependencies));
  return [...found];
}

/** Writes tarballs of installed packages into `folder`; the name of each by its place in the lock file. */
function depends(folder: string, places: readonly string[]): Map<string, string> {
  mkdirSync(join(folder, 'packages'));
  const there = places.filter((place) => existsSync(join(root, place, 'package.json')));
  return new Map(
    there.map((place, i) => {
      const tarball = `packages/${i}.tgz`;
      const [above, name] = [dirname(place), basename(place)];
      // npm takes what is not compressed, too, which costs no time here.
      ran('tar', ['-cf', join(folder, tarball), '--exclude', 'node_modules', '-C', join(root, above), name], root);
      return [place, tarball];
    }),
  );
}

/** The program npm as a file that node runs. */
const npmProgram = () => join(ran('npm', ['root', '-g'], root).trim(), 'npm/bin/npm-cli.js');

/** A PATH on which node is, and nothing else: no compiler, no Python, no make. */
export function barePath(folder: string): NodeJS.ProcessEnv {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(process.execPath, join(bin, 'node'));
  return { PATH: bin, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
}

/**
 * Installs the tarballs in `folder` as `npm ci` does from a lock file that says of every package where its tarball lies, with
 * scripts off and no network.
 */
export function install(
  folder: string,
  { core, platform }: { core: string; platform: string },
  env: NodeJS.ProcessEnv,
): void {
  const { packages } = read(join(root, 'package-lock.json')) as { packages: Record<string, Locked> };
  const own = JSON.parse(ran('tar', ['-xzOf', core, 'package/package.json'], folder));
  const ofPlatform = JSON.parse(ran('tar', ['-xzOf', platform, 'package/package.json'], folder));
  const places = needed(packages);
  const tarballs = depends(folder, places);
  const { name: _, scripts: __, devDependencies: ___, ...entry } = own;
  const locked: Record<string, unknown> = {
    '': { name: 'user', dependencies: { samebits: `file:${core}` } },
    'node_modules/samebits': { ...entry, resolved: `file:${core}` },
    [`node_modules/${ofPlatform.name}`]: { ...ofPlatform, resolved: `file:${platform}`, optional: true },
  };
  for (const place of places) {
    const { integrity: _integrity, resolved: _resolved, ...kept } = packages[place]!;
    locked[place] = { ...kept, resolved: `file:${tarballs.get(place) ?? 'of-another-system.tgz'}` };
  }
  for (const name of Object.keys(own.optionalDependencies)) {
    const [os, cpu] = name.replace('@samebits/', '').split('-');
    const other = { version: own.version, optional: true, os: [os], cpu: [cpu], libc: ['none'] };
    locked[`node_modules/${name}`] ??= { ...other, resolved: 'file:of-another-system.tgz' };
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(locked['']));
  writeFileSync(
    join(folder, 'package-lock.json'),
    JSON.stringify({ name: 'user', lockfileVersion: 3, packages: locked }),
  );
  const flags = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--cache', join(folder, 'npm-cache')];
  ran(process.execPath, [npmProgram(), 'ci', ...flags], folder, env);
}
