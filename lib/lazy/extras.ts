/**
 * Packages that a plain install leaves out, by what needs them. What is large and not needed to train is installed by those
 * who use it; a word says how before any work is done.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PackageError } from '../errors/index.js';
import { lazily } from './lazily.js';

const require = createRequire(import.meta.url);

const statistics = ['mathjs', 'cephes'];
const tensorboard = ['@bufbuild/protobuf'];
const drawing = ['vega', 'vega-lite', '@resvg/resvg-js', 'pdfkit', 'dejavu-fonts-ttf'];

/** What is left out, and the packages of each. package.json has their versions, as optional peers. */
export const extras = {
  statistics,
  tensorboard,
  reports: [...statistics, ...tensorboard, ...drawing],
  HDF5: ['h5wasm'],
  DICOM: ['dicom-parser', '@cornerstonejs/codec-openjpeg', 'jpeg-lossless-decoder-js'],
} satisfies Record<string, readonly string[]>;

/** One of the things that a plain install leaves out. */
export type Extra = keyof typeof extras;

/** Whether a package is installed where this one finds it. */
function isInstalled(name: string): boolean {
  try {
    require.resolve(`${name}/package.json`);
    return true;
  } catch (error) {
    // A package that is there may keep its manifest to itself.
    return (error as NodeJS.ErrnoException).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED';
  }
}

/** A package as `npm install` takes it without quotes in every shell: `vega@6` for ^6.4.0, `vega-lite@6.4` for ~6.4.3. */
function installable(name: string, ranges: Readonly<Record<string, string>>): string {
  const range = ranges[name];
  if (range === undefined) return name;
  const parts = range.startsWith('^') ? 1 : range.startsWith('~') ? 2 : 3;
  return `${name}@${range
    .replace(/^[\^~]/, '')
    .split('.')
    .slice(0, parts)
    .join('.')}`;
}

/** The refusal for packages of an extra that are not there. */
export function missingPackages(extra: Extra, missing: readonly string[]): PackageError {
  const { peerDependencies = {} } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { peerDependencies?: Record<string, string> };
  return new PackageError({
    who: extra,
    expected: `the packages for ${extra}, which a plain install leaves out`,
    got: `no ${missing.join(', no ')}`,
    hint: `npm install ${missing.map((name) => installable(name, peerDependencies)).join(' ')}`,
  });
}

/** Throws PackageError unless all packages of an extra are installed: to be called before work that will need them. */
export function expectExtra(extra: Extra): void {
  const names: readonly string[] = extras[extra];
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length > 0) throw missingPackages(extra, missing);
}

/**
 * A package of an extra, loaded when it is first asked for; throws PackageError unless the extra is installed. Used as
 * `const wasm = extraPackage<Wasm>('HDF5', 'h5wasm')`, then `wasm()`.
 */
export const extraPackage = <T>(extra: Extra, name: string): (() => T) =>
  lazily(() => {
    expectExtra(extra);
    return require(name) as T;
  });
