// The modules that programs load, compiled: every relative import is followed, the file it names is kept in its place.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { init, parse } from 'es-module-lexer';
import typescript from 'typescript';

const compilerOptions = { target: 'ES2022', module: 'ESNext', verbatimModuleSyntax: true };

/** A module as node runs it, from its TypeScript where it is written in that. */
const compiled = (file) => {
  const text = readFileSync(file, 'utf8');
  return file.endsWith('.ts') ? typescript.transpileModule(text, { compilerOptions }).outputText : text;
};

/** The source of a module that another one names: `./x.js` may be x.ts. */
function sourceOf(file) {
  const written = file.replace(/\.js$/, '.ts');
  return existsSync(written) ? written : file;
}

/**
 * The texts of all modules that `entries` load, by their place below `root` with the ending that node runs. Imports that
 * are computed at run time are not followed, nor packages that are imported when they are needed; one that is loaded at once
 * is refused, since none is carried.
 */
export async function closureOf(root, entries) {
  await init;
  const texts = new Map();
  const left = entries.map((entry) => path.join(root, entry));
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    const place = path.relative(root, file).replace(/\.ts$/, '.js');
    if (texts.has(place)) continue;
    const text = compiled(file);
    texts.set(place, text);
    for (const { n: name, d: dynamic } of parse(text)[0]) {
      if (name === undefined || name.startsWith('node:')) continue;
      if (!name.startsWith('.') && dynamic >= 0) continue;
      if (!name.startsWith('.'))
        throw new Error(`expected ${path.relative(root, file)} to import modules of this repository, got '${name}'`);
      left.push(sourceOf(path.resolve(path.dirname(file), name)));
    }
  }
  return texts;
}
