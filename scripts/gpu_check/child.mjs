// Runs a program to its end or to the end of its step's time, and reads the lines of JSON that it prints.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
/** What makes node read the TypeScript of the library and its tests. */
export const hooks = pathToFileURL(path.join(root, 'test/support/typescript_hooks.mjs')).href;
const kKeptText = 4000;

/** What matters of what a program said before it failed: the line that names an error, otherwise the last ones. */
export function ending(text) {
  const lines = text.trim().split('\n');
  const error = lines.findLast((line) => /^(?:\w*Error|Uncaught)\b.*: |\berror: /.test(line));
  return error ?? lines.slice(-6).join('\n');
}

/** Kills a process and all that it started; each program has a group of its own. */
function killGroup(pid) {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/**
 * Runs `command` with `args`. `onLine` gets each line of its standard output; the promise resolves with exit code, signal
 * and the end of what it said. When `signal` aborts it is killed with all that it started, and the promise rejects with the
 * signal's reason.
 */
export function run(command, args, { signal, env = {}, cwd = root, onLine = () => {} }) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const kill = () => killGroup(child.pid);
    process.once('exit', kill);
    signal?.addEventListener('abort', kill, { once: true });
    let said = '';
    const keep = (text) => {
      said = (said + text).slice(-kKeptText);
    };
    child.stderr.setEncoding('utf8').on('data', keep);
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      keep(`${line}\n`);
      onLine(line);
    });
    const ended = new Promise((close) => {
      lines.on('close', close);
    });
    child.on('error', (error) => reject(new Error(`expected ${command} to start, got ${error.message}`)));
    child.on('close', async (status, killed) => {
      await ended;
      signal?.removeEventListener('abort', kill);
      process.removeListener('exit', kill);
      if (signal?.aborted) reject(signal.reason);
      else resolve({ status, killed, said });
    });
  });
}

/** As `run`, but a program that does not end well is an error with the end of what it said. */
export async function expectSuccess(command, args, options) {
  const { status, killed, said } = await run(command, args, options);
  if (status === 0) return said;
  const name = path.basename(args.find((arg) => /\.[jt]s$/.test(arg)) ?? command);
  throw new Error(`expected ${name} to end well, got ${killed ?? `exit code ${status}`}: ${ending(said)}`);
}

/** A line of JSON as a value; undefined when it is none. */
export function parsed(line) {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Runs a program that prints lines of JSON; resolves with their values. */
export async function values(command, args, options) {
  const found = [];
  const onLine = (line) => {
    const value = parsed(line);
    if (value === undefined) return;
    found.push(value);
    options.onValue?.(value);
  };
  await expectSuccess(command, args, { ...options, onLine });
  return found;
}

/** The arguments of node that run steps/<name>.ts with a task: compiled in a pack, in a clone as it stands. */
export function programArguments(name, task) {
  const flags = Object.entries(task).flatMap(([key, value]) => [`--${key}`, String(value)]);
  const script = path.join(root, 'scripts/gpu_check/steps', `${name}.js`);
  const begin = existsSync(script) ? [script] : ['--import', hooks, script.replace(/\.js$/, '.ts')];
  return ['--expose-gc', ...begin, ...flags];
}

/** Runs steps/<name>.ts with a task; resolves with the values it prints. */
export const program = (name, task, { addon, ...options }) =>
  values(process.execPath, programArguments(name, task), {
    ...options,
    env: { SAMEBITS_ADDON: addon, ...options.env },
  });
