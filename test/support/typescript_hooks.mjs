// Lets a child process of the tests run this repository's TypeScript as it stands: `.js` specifiers find `.ts` files,
// which are compiled file by file and kept in build/transpiled: the compiler itself takes seconds to load and to run.
// Used as `node --import test/support/typescript_hooks.mjs script.ts`.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) register(import.meta.url);

const kept = fileURLToPath(new URL('../../build/transpiled', import.meta.url));
const { version } = createRequire(import.meta.url)('typescript/package.json');
const options = { target: 'ES2022', module: 'ESNext', verbatimModuleSyntax: true, inlineSourceMap: true };

export async function resolve(specifier, context, next) {
  if (/^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.endsWith('.ts')) {
    const url = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(fileURLToPath(url))) return { url: url.href, format: 'module', shortCircuit: true };
  }
  return next(specifier, context);
}

/** The JavaScript of a file's text, as it was compiled before or is now. */
async function compiled(text) {
  const key = createHash('sha256')
    .update(JSON.stringify([version, options, text]))
    .digest('hex');
  const file = `${kept}/${key}.js`;
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const { default: typescript } = await import('typescript');
  const { outputText } = typescript.transpileModule(text, { compilerOptions: options });
  mkdirSync(kept, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, outputText);
  renameSync(`${file}.${process.pid}`, file);
  return outputText;
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const source = await compiled(readFileSync(fileURLToPath(url), 'utf8'));
  return { format: 'module', source, shortCircuit: true };
}
