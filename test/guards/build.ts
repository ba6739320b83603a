// Guard builds: the conformance program, and the addon, with a sanitizer compiled in (CMakeLists.txt, SAMEBITS_SANITIZE).
// They lie in build/guards and are compiled again where sources changed. g++ compiles them, whatever compiles the addon.

import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { capabilities } from '../../lib/index.js';
import { root } from '../architecture/sources.js';
import { headers } from '../support/node_headers.js';

const require = createRequire(import.meta.url);

export interface Ended {
  status: number | string;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end; never throws. */
export function start(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      command,
      [...args],
      { cwd: root, maxBuffer: 1 << 26, env: { ...process.env, ...env } },
      (error, stdout, stderr) =>
        resolve({ status: error === null ? 0 : (error.code ?? error.signal ?? 'unknown'), stdout, stderr }),
    );
  });
}

async function succeed(what: string, command: string, args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await start(command, args);
  if (status !== 0) throw new Error(`guards: expected ${what}, got ${status}: ${(stdout + stderr).slice(-3000)}`);
  return stdout;
}

/** Where the compiler's runtime library of a sanitizer lies, such as libasan.so. */
export async function runtimeLibrary(name: string): Promise<string> {
  const file = (await succeed('g++ (Debian package g++)', 'g++', [`-print-file-name=${name}.so`])).trim();
  if (!path.isAbsolute(file))
    throw new Error(
      `guards: expected the compiler's ${name}, got none; install the runtime libraries of its sanitizers`,
    );
  return file;
}

const wide = capabilities()
  .isas.filter(({ name, available }) => available && name !== 'scalar')
  .map(({ name }) => name);

/**
 * The build with AddressSanitizer and UndefinedBehaviorSanitizer has scalar and the widest instruction set, the one with
 * ThreadSanitizer scalar alone: how threads share work is not in what is compiled per set. The first is compiled
 * at -O0, which takes half the time, and every access and sum that the source has is there to be looked at; a race takes less
 * time to look for at -O1.
 */
export const guards = {
  address: {
    sanitize: 'address,undefined,float-cast-overflow',
    libraries: ['libasan', 'libubsan'],
    addon: true,
    optimize: '-O0',
    isa: wide.at(-1) ?? 'scalar',
  },
  thread: { sanitize: 'thread', libraries: ['libtsan'], addon: false, optimize: '-O1', isa: 'scalar' },
} as const;

/** Builds a guard, and returns its program and, where it has one, its addon. */
export async function buildGuard(name: keyof typeof guards): Promise<{ program: string; addon: string }> {
  const { sanitize, libraries, addon, optimize, isa } = guards[name];
  for (const library of libraries) await runtimeLibrary(library);
  const folder = path.join(root, 'build/guards', name);
  const without = ['avx2', 'avx512'].filter((other) => other !== isa).map((other) => other.toUpperCase());
  const include = addon ? [headers(), path.dirname(require.resolve('node-addon-api'))].join(';') : '';
  await succeed('cmake to configure a guard build (Debian package cmake)', 'cmake', [
    ...['-S', '.', '-B', folder, '-DCMAKE_CXX_COMPILER=g++', '-DSAMEBITS_CONFORMANCE=ON'],
    // Checks as calls: less to compile.
    `-DSAMEBITS_OPTIMIZE=${optimize}`,
    `-DCMAKE_CXX_FLAGS=${addon ? '--param=asan-instrumentation-with-call-threshold=0' : ''}`,
    ...[`-DSAMEBITS_SANITIZE=${sanitize}`, `-DSAMEBITS_WITHOUT=${without.join(';')}`, `-DCMAKE_JS_INC=${include}`],
  ]);
  const targets = ['conformance', ...(addon ? ['samebits'] : [])];
  await succeed('a guard build to compile', 'cmake', ['--build', folder, '--parallel', '2', '--target', ...targets]);
  return { program: path.join(folder, 'conformance'), addon: path.join(folder, 'samebits.node') };
}
