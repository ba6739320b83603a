/** Modules of the user's own: loaded because the user of a command named them, and told by file and member when they fail. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ArgumentError, show } from '../errors/index.js';
import { moduleHash } from './module_hash.js';

/** What a module gives, and the hash over its files. */
export interface Loaded {
  value: unknown;
  /** `sha256:` over the file and its relative imports. */
  sha256: string;
}

/** The hash with which each module was first seen: Node keeps a module as it was then. */
const seen = new WeakMap<object, string>();

/**
 * The default export of a module. Rejects with ArgumentError, in the words of `who`, for a file that is not there, that
 * throws or that Node cannot run, that has no default export, or that changed since this process loaded it. `maker` is
 * the function whose value it should export.
 */
export async function loadModule(who: string, path: string, maker: 'defineModel' | 'defineData'): Promise<Loaded> {
  const full = resolve(path);
  const refuse = (expected: string, got: string, more: { hint?: string; cause?: unknown } = {}): never => {
    const { hint, cause } = more;
    throw new ArgumentError({ who, expected, got, ...(hint !== undefined && { hint }) }, { cause });
  };
  if (!statSync(full, { throwIfNoEntry: false })?.isFile()) refuse(`a module ${show(path)}`, 'no such file');
  // A text that is no module is refused by Node, whose words say why.
  const hashed = await moduleHash(who, full).catch((error: unknown) => ({ error }));
  let names: Record<string, unknown>;
  try {
    names = await import(pathToFileURL(full).href);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_UNKNOWN_FILE_EXTENSION') {
      const hint = 'Node runs TypeScript from 22.18 on; or compile it to .mjs';
      return refuse(`a module that Node ${process.version} can run`, show(path), { hint, cause });
    }
    return refuse(`module ${show(path)} to load`, errorText(cause), { cause });
  }
  if (typeof hashed !== 'string') throw hashed.error;
  if (names['default'] === undefined) {
    const found = Object.keys(names).map(show).join(', ') || 'none';
    refuse(`a default export in module ${show(path)}`, `exports ${found}`, {
      hint: `export default ${maker}({ ... })`,
    });
  }
  const first = seen.get(names) ?? hashed;
  seen.set(names, first);
  if (first !== hashed) {
    const hint = 'Node keeps what it loaded first; begin a new process';
    refuse(`module ${show(path)} as this process loaded it, ${first}`, hashed, { hint });
  }
  return { value: names['default'], sha256: hashed };
}

/**
 * Compares the hash of a module with that of a training, before anything of it is run. Rejects with ArgumentError, in the words
 * of `who`, for a file that is not there and for other code.
 */
export async function expectModule(who: string, path: string, sha256: string): Promise<void> {
  const expected = `the module of the training, ${sha256}, in ${show(path)}`;
  const full = resolve(path);
  if (!statSync(full, { throwIfNoEntry: false })?.isFile())
    throw new ArgumentError({ who, expected, got: 'no such file' });
  const found = await moduleHash(who, full);
  if (found !== sha256) throw new ArgumentError({ who, expected, got: found });
}

/** Throws ArgumentError, in the words of `who`, where data named so have another digest than those of a training. */
export function expectData(who: string, data: string, { recorded, found }: { recorded: string; found: string }): void {
  if (found === recorded) return;
  throw new ArgumentError({ who, expected: `the data of the training, ${recorded}, in ${show(data)}`, got: found });
}

/** An error in one line: its class and the first line of its message. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return show(error);
  return `${error.name}: ${error.message.split('\n')[0]}`;
}
