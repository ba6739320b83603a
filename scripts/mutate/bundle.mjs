// One module of each test file: the file, what it needs of test/ and all of lib, with the mutants that Stryker put there.
// Packages stay outside, so they are loaded once.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

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
      plugins: [places],
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
