// Makes one archive of everything that a check needs on a machine with bash, a driver and nothing else: node, the built addon and
// programs, the modules, the cases, and the first steps of both networks as the CPU of this machine computes them.
//   samebits-gpu-check/
//     scripts/gpu-check  node  pack.json  package.json  cases  golden.json
//     native/            samebits.node  conformance  prove_device  probe_device
//     lib/ bench/ test/ scripts/gpu_check/    modules, compiled, each in its place of the clone
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './child.mjs';
import { closureOf } from './closure.mjs';
import { describeProcessor, describeSources, packageVersion } from './machine.mjs';
import { manifestFile } from './manifest.mjs';
import { build, buildFolder, programsBuiltIn, programsIn } from './native_build.mjs';
import { Stop } from './options.mjs';
import { carried, paperSize, runner, writeCases, writeGolden } from './plan.mjs';
import { writeResult } from './result.mjs';

/** At most so many bytes travel. */
export const kMostBytes = 40e6;
/** Files that are carried as they stand. */
const plain = [
  'scripts/gpu-check',
  'native/prove/digests.json',
  'bench/models/peers/torch_networks.py',
  'bench/models/peers/torch_networks_cuda.py',
];
/** Packages that the library loads when it needs them, and that a check needs. */
const packages = ['zod'];

const inFolder = (folder, ending) =>
  readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`);

function copyTo(target, place, from = path.join(root, place)) {
  const file = path.join(target, place);
  mkdirSync(path.dirname(file), { recursive: true });
  copyFileSync(from, file);
  return file;
}

/** Copies of a package what is loaded when it is required. */
function copyPackage(target, name) {
  const require = createRequire(path.join(root, 'package.json'));
  const script = `require(${JSON.stringify(name)}); console.log(JSON.stringify(Object.keys(require.cache)))`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { cwd: root, encoding: 'utf8' });
  const home = path.join(root, 'node_modules', name);
  const loaded = stdout === '' ? [] : JSON.parse(stdout).filter((file) => file.startsWith(`${home}/`));
  if (loaded.length === 0)
    throw new Stop(`expected package ${name} to load, got: ${stderr.trim().split('\n').at(-1)}`, 3);
  const folders = new Set(loaded.map((file) => path.dirname(path.relative(root, file))));
  for (const file of [...loaded, require.resolve(`${name}/package.json`)]) copyTo(target, path.relative(root, file));
  // A folder of its own may say how its modules are read.
  for (const folder of folders) {
    const own = path.join(folder, 'package.json');
    if (readdirSync(path.join(root, folder)).includes('package.json')) copyTo(target, own);
  }
}

/** The newest versions of the system's libraries that these programs ask for. */
export function needsOf(files) {
  const newest = {};
  for (const file of files) {
    const text = readFileSync(file, 'latin1');
    for (const [, library, version] of text.matchAll(/\0(GLIBC|GLIBCXX|CXXABI)_(\d+(?:\.\d+)+)(?=\0)/g)) {
      const numbers = (of) => of.split('.').map(Number);
      const newer = (a, b) => a.map((part, i) => part - (b[i] ?? 0)).find((difference) => difference !== 0) ?? 0;
      if (newest[library] === undefined || newer(numbers(version), numbers(newest[library])) > 0)
        newest[library] = version;
    }
  }
  return Object.entries(newest).map(([library, version]) => `${library} ${version}`);
}

function run(command, args, options = {}) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (status !== 0) throw new Stop(`expected ${command} to succeed, got ${error?.message ?? stderr.trim()}`, 3);
}

/** Writes the modules of the check and of its programs, compiled, and what else is carried as it stands. */
async function writeModules(target) {
  const steps = inFolder('scripts/gpu_check/steps', '.ts');
  for (const [place, text] of await closureOf(root, steps)) {
    const file = path.join(target, place);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const own = inFolder('scripts/gpu_check', '.mjs').filter((name) => !/\/(?:pack|closure)\.mjs$/.test(name));
  for (const place of [...own, ...plain]) copyTo(target, place);
  for (const name of packages) copyPackage(target, name);
  writeResult(path.join(target, 'package.json'), { name: 'samebits', version: packageVersion(), type: 'module' });
}

/** Copies node and what was built, without what only a debugger reads. */
function writePrograms(target, programs) {
  const files = [copyTo(target, 'node', process.execPath)];
  for (const [name, file] of Object.entries(programsIn(path.join(target, 'native')))) {
    mkdirSync(path.dirname(file), { recursive: true });
    cpSync(programs[name], file);
    files.push(file);
  }
  for (const file of files) {
    chmodSync(file, 0o755);
    spawnSync('strip', ['--strip-unneeded', file]); // smaller where there is one
  }
  return files;
}

/**
 * Makes the archive `options.pack`. `programs` are built first unless `options.built` has them. `size` is that of the trainings and
 * of the cases, `cpu` the addon of this machine, `level` that of xz: many cases hold the same values, further apart than level 6 looks
 * back. Resolves with its bytes and what it needs there.
 */
export async function pack(
  options,
  { say, size = paperSize, cpu = path.join(root, 'build/Release/samebits.node'), level = 9 },
) {
  const { data, samples } = options;
  if (data !== 'synthetic') throw new Stop('expected no --data beside --pack, got a folder: a pack has no decoder', 2);
  let built = { given: true };
  let programs = options.built === undefined ? undefined : programsIn(options.built);
  if (programs === undefined) {
    say('building the addon and the programs ...');
    const folder = buildFolder();
    built = await build({ arch: '90', ...options }, { device: {}, folder, signal: undefined });
    programs = programsBuiltIn(folder);
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'samebits-pack-'));
  try {
    const target = path.join(folder, 'samebits-gpu-check');
    await writeModules(target);
    const needs = needsOf(writePrograms(target, programs));
    const places = carried(target);
    say('writing the cases, and the first steps of both networks on the CPU ...');
    await writeCases(places.cases, { addon: cpu, most: size.most });
    await writeGolden(places.golden, { ours: runner({ options, found: { programs: { addon: cpu } }, size }), size });
    writeResult(manifestFile(target), {
      format: 1,
      kind: 'gpu-check pack',
      madeAt: new Date().toISOString(),
      sources: describeSources(),
      built,
      golden: describeProcessor(),
      needs,
      size,
      options: { samples },
    });
    say('packing ...');
    mkdirSync(path.dirname(options.pack), { recursive: true });
    const env = { ...process.env, XZ_OPT: `-${level} -T0` };
    run('tar', ['--owner=0', '--group=0', '-C', folder, '-cJf', options.pack, 'samebits-gpu-check'], { env });
    const bytes = statSync(options.pack).size;
    if (bytes > kMostBytes) throw new Stop(`expected a pack of at most ${kMostBytes} bytes, got ${bytes}`, 1);
    return { bytes, needs };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
