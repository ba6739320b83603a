/** Runs the built command line, as a user does, and says what came out of it. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../architecture/sources.js';
import { expectFormat } from './formats.js';

const main = 'dist/cli/main.js';

/** What a command left: exit code, stdout and stderr. */
export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs `samebits` with these arguments to its end, in the project's folder or another. What it prints with `--json` is held to the
 * schema of its format, whatever the test is about.
 */
export function samebits(args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = root): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, main), ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (args.includes('--json') && stdout !== '') expectFormat(stdout);
  return { code: status, stdout, stderr };
}

/** What a command printed with `--json`, without its format: what the library has of it. */
export function resultIn<T = Record<string, unknown>>(stdout: string): T {
  const { format: _, ...result } = JSON.parse(stdout) as { format: unknown };
  return result as T;
}

/** Runs `samebits` with nobody to read `closed` from the start; what it wrote there is lost and comes back empty. */
export function samebitsUnread(args: readonly string[], closed: 'stdout' | 'stderr'): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const heard = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        heard[name] += text;
      });
    }
    child[closed].destroy();
    child.on('close', (code) => resolve({ code, ...heard }));
  });
}

/** Starts `samebits`, interrupts it as soon as stderr says `when`, and resolves with what it left. */
export function interrupted(args: readonly string[], when: RegExp): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const before = when.test(stderr);
      stderr += text;
      if (!before && when.test(stderr)) child.kill('SIGINT');
    });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
