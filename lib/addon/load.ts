/**
 * Finds the compiled addon: the one built here, else the one of a package. `@samebits/linux-x64-gnu-cuda`, with the kernels for CUDA,
 * comes before the platform package, as `@samebits/linux-x64-gnu` is: only who wants it installs it. When none loads, the error says
 * what was tried, why each failed, and both ways to get one.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { NativeError } from '../errors/index.js';

const builds = ['build/cuda/Release', 'build/Release', 'build/cmake/Release'];

/** What decides which files are tried. Tests say it, so that they can be on another machine. */
export interface Machine {
  platform: string;
  arch: string;
  /** The folder of this package. */
  root: string;
  /** One file, which rules out all others: `SAMEBITS_ADDON`. */
  chosen?: string | undefined;
}

const thisMachine = (): Machine => ({
  platform: process.platform,
  arch: process.arch,
  root: fileURLToPath(new URL('../../', import.meta.url)),
  chosen: process.env['SAMEBITS_ADDON'],
});

const [notThere, notInstalled] = ['not there', 'not installed'] as const;

/** A file that may be the addon, or why there is none of this name. */
type Place = { name: string } & ({ file: string } | { missing: string });

/**
 * The packages that can hold the addon of a machine. Linux has two C libraries: npm installs the package for the one that is
 * there, and an addon made for the other one does not load.
 */
export function platformPackages({ platform, arch }: Pick<Machine, 'platform' | 'arch'>): string[] {
  const endings = platform === 'linux' ? ['-gnu', '-musl'] : [''];
  return endings.map((ending) => `@samebits/${platform}-${arch}${ending}`);
}

/** The package of the addon with kernels for CUDA; there are some for Linux with glibc. */
export const cudaPackages = ({ platform, arch }: Pick<Machine, 'platform' | 'arch'>): string[] =>
  platform === 'linux' ? [`@samebits/${platform}-${arch}-gnu-cuda`] : [];

function placeOf(file: string): Place {
  const name = path.relative(process.cwd(), file);
  return existsSync(file) ? { name, file } : { name, missing: notThere };
}

/** The addon in a platform package. One of another version is none: its kernels may be other ones. */
function placeIn(name: string, root: string): Place {
  const own = path.join(root, 'package.json');
  let manifest: string;
  try {
    manifest = createRequire(own).resolve(`${name}/package.json`);
  } catch {
    return { name, missing: notInstalled };
  }
  const { version, main } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string; main: string };
  const wanted = (JSON.parse(readFileSync(own, 'utf8')) as { version: string }).version;
  if (version !== wanted) return { name, missing: `version ${version} where ${wanted} belongs` };
  return { name, file: path.join(path.dirname(manifest), main) };
}

/** Where the addon of a machine can be, in order. */
function* placesFor(machine: Machine): Generator<Place> {
  const { root, chosen } = machine;
  if (chosen !== undefined) {
    yield placeOf(path.resolve(chosen));
    return;
  }
  for (const folder of builds) yield placeOf(path.join(root, folder, 'samebits.node'));
  for (const name of [...cudaPackages(machine), ...platformPackages(machine)]) yield placeIn(name, root);
}

/** The addon in use. */
export interface Loaded<Addon> {
  file: string;
  addon: Addon;
  /** What was there and did not load, or is of another version, with the reason. */
  passedOver: string[];
}

/** Loads the addon. Throws NativeError. */
export function loadAddon<Addon>(machine: Machine = thisMachine()): Loaded<Addon> {
  const require = createRequire(import.meta.url);
  const tried: string[] = [];
  const passedOver: string[] = [];
  for (const place of placesFor(machine)) {
    if ('missing' in place) {
      tried.push(`${place.name} (${place.missing})`);
      if (place.missing !== notThere && place.missing !== notInstalled) passedOver.push(tried.at(-1)!);
      continue;
    }
    try {
      return { file: place.file, addon: require(place.file) as Addon, passedOver };
    } catch (error) {
      tried.push(`${place.name} (${(error as Error).message.split('\n')[0]})`);
      passedOver.push(tried.at(-1)!);
    }
  }
  const script = path.join(path.relative(process.cwd(), machine.root), 'scripts/build.mjs');
  throw new NativeError({
    who: 'samebits',
    expected: 'a compiled addon',
    got: `none that loads: ${tried.join('; ')}`,
    hint: `install ${platformPackages(machine).join(' or ')}, or build it: node ${script}`,
  });
}
