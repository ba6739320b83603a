// Runs a file of the tests in a fresh process and returns what it prints.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const hooks = new URL('./typescript_hooks.mjs', import.meta.url).href;

/** Runs `script` (a URL of a .ts or .mjs file) with arguments and extra environment; resolves to its standard output. */
export async function runChild(
  script: URL,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', ...(script.pathname.endsWith('.ts') ? ['--import', hooks] : []), fileURLToPath(script), ...args],
    { env: { ...process.env, ...env }, maxBuffer: 1 << 26 },
  );
  return stdout;
}
