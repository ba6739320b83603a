// A copy of the working tree in which one mutant after the other is built and tested; the checkout itself is never touched.
import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);

/** Runs a program to its end or for so many seconds: { status, timedOut, output }, status null when it was ended. */
export function start(command, args, { cwd, seconds = 3600, env = {} }) {
  return new Promise((resolve, reject) => {
    // A group of its own, so that what it started ends with it.
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const parts = [];
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      process.kill(-child.pid, 'SIGKILL');
    }, 1000 * seconds);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => parts.push(part));
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status, timedOut, output: Buffer.concat(parts).toString() });
    });
  });
}

async function succeed(what, command, args, options) {
  const { status, output } = await start(command, args, options);
  if (status !== 0)
    throw new Error(`mutate native: expected ${what}, got exit status ${status}: ${output.slice(-3000)}`);
  return output;
}

/** Where node's headers and those of node-addon-api are. */
function headers(root) {
  const beside = path.resolve(process.execPath, '../../include/node');
  const node = existsSync(path.join(beside, 'node_api.h')) ? beside : require('node-api-headers').include_dir;
  return [node, path.join(root, 'node_modules/node-addon-api')].join(';');
}

export class Tree {
  constructor(root, folder) {
    this.root = root;
    this.folder = folder;
  }

  /**
   * Makes the tree what git knows or would know; build folders of an earlier run stay, so that little is compiled. A file is written
   * only where it differs, with the time of now: a run that was stopped left one with a fault, and the objects made of it.
   */
  async prepare() {
    const listed = await succeed('the files of the checkout', 'git', ['ls-files', '-co', '--exclude-standard', '-z'], {
      cwd: this.root,
    });
    mkdirSync(this.folder, { recursive: true });
    const names = new Set(listed.split('\0').filter((name) => name !== '' && existsSync(path.join(this.root, name))));
    for (const part of ['native', 'lib', 'test', 'scripts']) {
      const folder = path.join(this.folder, part);
      if (!existsSync(folder)) continue;
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        const file = path.join(entry.parentPath, entry.name);
        if (!entry.isDirectory() && !names.has(path.relative(this.folder, file))) rmSync(file);
      }
    }
    for (const name of names) {
      const [from, to] = [path.join(this.root, name), path.join(this.folder, name)];
      if (existsSync(to) && readFileSync(to).equals(readFileSync(from))) continue;
      mkdirSync(path.dirname(to), { recursive: true });
      copyFileSync(from, to);
      utimesSync(to, new Date(), new Date());
    }
    for (const shared of ['node_modules', 'dist'])
      if (!existsSync(path.join(this.folder, shared)))
        symlinkSync(path.join(this.root, shared), path.join(this.folder, shared));
  }

  write(file, source) {
    writeFileSync(path.join(this.folder, file), source);
  }

  #build(kind) {
    return path.join(this.folder, 'build', kind);
  }

  /**
   * Compiles a target: all of it the first time, then what a mutant touched. `kind`: 'plain' is scalar and AVX2, 'wide' scalar
   * and AVX-512, 'shim' the CUDA kernels on the CPU (conformance only).
   */
  async build(target, kind, seconds) {
    if (kind === 'shim') return this.#buildShim(seconds);
    const folder = this.#build(kind);
    if (!existsSync(path.join(folder, 'CMakeCache.txt'))) {
      const ninja = await start('ninja', ['--version'], { cwd: this.folder }).catch(() => ({ status: 1 }));
      await succeed(
        'cmake to configure',
        'cmake',
        [
          ...['-S', '.', '-B', folder, ...(ninja.status === 0 ? ['-G', 'Ninja'] : [])],
          ...['-DSAMEBITS_CONFORMANCE=ON', '-DSAMEBITS_OPTIMIZE=-O1'],
          `-DSAMEBITS_WITHOUT=${kind === 'wide' ? 'AVX2' : 'AVX512'}`,
          `-DCMAKE_JS_INC=${headers(this.root)}`,
        ],
        { cwd: this.folder },
      );
    }
    return start('cmake', ['--build', folder, '--parallel', '2', '--target', target], { cwd: this.folder, seconds });
  }

  async #buildShim(seconds) {
    const hooks = pathToFileURL(path.join(this.folder, 'test/support/typescript_hooks.mjs')).href;
    const program = "console.log(await (await import('./test/shim/build.ts')).buildConformance())";
    const args = ['--import', hooks, '--input-type=module', '-e', program];
    const ended = await start(process.execPath, args, { cwd: this.folder, seconds });
    this.shim = ended.output.trim().split('\n').at(-1);
    return ended;
  }

  conformance(kind) {
    return kind === 'shim' ? this.shim : path.join(this.#build(kind), 'conformance');
  }

  /** The tests until one fails, on the addon of this tree. */
  vitest(tests, kind, seconds) {
    const files = tests.map((name) => `test/${name}`);
    return start(
      process.execPath,
      ['node_modules/vitest/vitest.mjs', 'run', '--bail=1', '--maxWorkers=1', '--reporter=verbose', ...files],
      {
        cwd: this.folder,
        seconds,
        env: kind === 'shim' ? {} : { SAMEBITS_ADDON: path.join(this.#build(kind), 'samebits.node') },
      },
    );
  }
}
