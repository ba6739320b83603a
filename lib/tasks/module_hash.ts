/** The hash of a module of the user's own: what a receipt says of code that it cannot hold. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname, extname, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ArgumentError, show } from '../errors/index.js';
import { reason } from '../files/index.js';

/** Endings that a relative import may stand for besides its own: TypeScript writes `.js` and means `.ts`. */
const typed: Readonly<Record<string, string>> = { '.js': '.ts', '.mjs': '.mts', '.cjs': '.cts' };

/**
 * `sha256:` over JSON lines `["lenet.mjs","<SHA-256 of its bytes, in hex>"]`: the module and every file that it reaches
 * by relative imports, static or by a literal in `import()`, in byte order of their paths from the module's folder.
 * Packages, `require` and files that code opens while it runs are not followed. Throws ArgumentError for a file that
 * cannot be read or whose imports cannot be told.
 */
export async function moduleHash(who: string, entry: string): Promise<string> {
  // Loaded where a module of the user's own is.
  const { init, parse } = await import('es-module-lexer');
  await init;
  const namesIn = (file: string, text: string): string[] => {
    try {
      return parse(text)[0].flatMap(({ n }) => (n === undefined ? [] : [n]));
    } catch (cause) {
      const got = (cause as Error).message.split('\n')[0]!;
      const hint = 'its hash could not say which files belong to it';
      throw new ArgumentError(
        { who, expected: `imports that can be read in module ${show(file)}`, got, hint },
        { cause },
      );
    }
  };
  const files = new Map<string, string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    const bytes = read(who, file);
    files.set(file, createHash('sha256').update(bytes).digest('hex'));
    if (extname(file) !== '.json')
      for (const one of importsOf(file, namesIn(file, bytes.toString()))) waiting.push(one);
  }
  const folder = dirname(entry);
  const named = [...files].map(([file, hash]) => [relative(folder, file).split(sep).join('/'), hash] as const);
  const hash = createHash('sha256');
  for (const line of named.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
    hash.update(`${JSON.stringify(line)}\n`);
  }
  return `sha256:${hash.digest('hex')}`;
}

function read(who: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new ArgumentError({ who, expected: `a readable module ${show(file)}`, got: reason(cause) }, { cause });
  }
}

/** The files that a module imports by a relative name and that are there; what is not is left to Node to refuse. */
function importsOf(file: string, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    if (!/^(?:\.\.?\/|file:)/.test(name)) return [];
    const path = fileURLToPath(new URL(name, pathToFileURL(file)));
    const other = typed[extname(path)];
    const meant = other === undefined ? [path] : [path, path.slice(0, -extname(path).length) + other];
    const found = meant.find((one) => statSync(one, { throwIfNoEntry: false })?.isFile());
    return found === undefined ? [] : [resolve(found)];
  });
}
