// What `import 'samebits'` loads: no package. A program that needs none pays for none, as a list of modules shows, not a
// time. Controls: work that needs a package, and then it is on the list.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const child = fileURLToPath(new URL('./loaded_child.mjs', import.meta.url));

/** Names of the packages that were loaded for a piece of work. */
function packagesFor(work: string): string[] {
  const files = JSON.parse(execFileSync(process.execPath, [child, work], { encoding: 'utf8' })) as string[];
  expect(files.some((file) => file.endsWith('/dist/index.js'))).toBe(true);
  const names = files.map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

describe("import 'samebits'", () => {
  it('loads no package that is not needed', () => {
    expect(packagesFor('nothing')).toEqual([]);
  });

  it('needs none to learn from arrays', () => {
    expect(packagesFor('fit')).toEqual([]);
  });

  it.each([
    ['picture', 'sharp'],
    ['run', 'zod'],
    ['statistics', 'mathjs'],
    ['events', '@bufbuild/protobuf'],
  ])('loads for work with a %s the package %s (control)', (work, name) => {
    expect(packagesFor(work)).toContain(name);
  });
});
