// The package of the compiled addon for one system: the addon, a manifest that says where it can be installed, no scripts.
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { manifest, Refusal, root, tarballOf } from './tarball.mjs';
import { cudaTargets, packageOf, targetOf, targets, thisTarget } from './targets.mjs';

const builds = ['build/Release/samebits.node', 'build/cmake/Release/samebits.node'];
const cudaBuild = 'build/cuda/Release/samebits.node';

const all = { ...targets, ...cudaTargets };
const isCuda = (target) => cudaTargets[target] !== undefined;

/** The manifest of a platform package. */
export function platformManifest(target) {
  const { version, license, author, repository, homepage, engines } = manifest();
  return {
    name: packageOf(target),
    version,
    description: `The compiled addon of samebits for ${target.replace('-cuda', ', with its kernels for CUDA')}`,
    ...{ license, author, repository, homepage },
    main: 'samebits.node',
    files: ['samebits.node'],
    engines,
    ...all[target],
  };
}

function addonFor(target, given) {
  if (given !== undefined) return path.resolve(given);
  if (target.replace(/-cuda$/, '') !== thisTarget())
    throw new Refusal(`expected --addon beside --target ${target}, got none`);
  const built = (isCuda(target) ? [cudaBuild] : builds).map((file) => path.join(root, file)).find(existsSync);
  const how = isCuda(target) ? 'build:cuda' : 'build:native';
  if (built === undefined) throw new Refusal(`expected a built addon, got none; run 'npm run ${how}'`);
  return built;
}

/** Makes the tarball in `out`. Throws Refusal for a target that has no package, and an addon made for another one. */
export function packPlatform(out, { target = thisTarget(), addon }) {
  if (all[target] === undefined)
    throw new Refusal(`expected a target of ${Object.keys(all).join(', ')}, got '${target}'`);
  const file = addonFor(target, addon);
  const bytes = readFileSync(file);
  const found = targetOf(bytes);
  if (found !== target) throw new Refusal(`expected an addon for ${target}, got one for ${found ?? 'no system known'}`);
  // Where it was built would be in the bytes: another folder would give another addon.
  if (bytes.includes(root)) throw new Refusal(`expected an addon that names no folder, got one with '${root}'`);
  const stage = mkdtempSync(path.join(tmpdir(), 'samebits-pack-'));
  try {
    const made = platformManifest(target);
    writeFileSync(path.join(stage, 'package.json'), `${JSON.stringify(made, null, 2)}\n`);
    writeFileSync(
      path.join(stage, 'README.md'),
      `# ${made.name}\n\n${made.description}. It is installed with samebits and is of no use alone.\n`,
    );
    copyFileSync(path.join(root, 'LICENSE'), path.join(stage, 'LICENSE'));
    copyFileSync(file, path.join(stage, 'samebits.node'));
    return tarballOf(stage, out);
  } finally {
    rmSync(stage, { recursive: true });
  }
}
