// One module of each test file: the file, what it needs of test/ and all of lib, with the mutants that Stryker put there.
// Packages stay outside, so they are loaded once.
import { mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

// vite brings its bundler along.
const require = createRequire(createRequire(createRequire(import.meta.url).resolve('vitest')).resolve('vite'));
const { rolldown } = await import(pathToFileURL(require.resolve('rolldown')).href);

/** What asks for its own place gets that of its source. */
const places = {
  name: 'places',
  transform: (code, id) =>
    code.includes('import.meta')
      ? code
          .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
          .replaceAll('import.meta.dirname', JSON.stringify(path.dirname(id)))
      : null,
};

/** `using` is not yet in every Node that we run on. */
const usings = {
  name: 'usings',
  transform: (code, id) =>
    id.endsWith('.ts') && /^\s*(await )?using /m.test(code)
      ? { code: ts.transpile(code, { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext }), moduleType: 'js' }
      : null,
};

/** The tables of test/cases are imported by name; here each name is known beforehand. */
const tables = {
  name: 'tables',
  transform(code, id) {
    if (!id.endsWith('test/support/case_files.ts')) return null;
    const names = readdirSync(path.join(path.dirname(id), '../cases')).filter((name) => /(?<!^case)\.ts$/.test(name));
    const list = names.map((name) => `${JSON.stringify(name)}: () => import('../cases/${name}')`).join(', ');
    const [before, after, ...more] = code.split('import(file.href)');
    if (after === undefined || more.length > 0) throw new Error(`${id}: expected one import(file.href)`);
    return `const known = { ${list} };\n${before}known[name]!()${after}`;
  },
};

/** From test files, as full paths, to the address of each one's module. */
export async function bundle(root, names) {
  const folder = path.join(root, 'build', 'bundles');
  mkdirSync(folder, { recursive: true });
  const modules = new Map();
  for (const name of names) {
    const input = path.join(root, name);
    const build = await rolldown({
      input,
      external: /^[^./]/,
      plugins: [tables, usings, places],
      logLevel: 'silent',
      platform: 'node',
    });
    const file = path.join(folder, `${name.replaceAll(path.sep, '.')}.mjs`);
    await build.write({ file, format: 'esm', codeSplitting: false });
    await build.close();
    modules.set(input, pathToFileURL(file).href);
  }
  return modules;
}
