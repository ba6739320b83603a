// No file of lib needs itself: what a file loads, and what that loads in turn, never comes back to it, inside a room too, and
// no header of native includes itself. Imports of types are erased before anything is loaded, so they may go both ways.

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesUnder, includes, text } from './sources.js';

/** The files of lib that are loaded together with a file: its imports of values, outside any function. */
function loaded(file: string, source = text(file)): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const statements = code.matchAll(/^(?:import|export)\s+(?!type\b)(?:([^'";]*?)from\s*)?'(\.[^']*)'/gm);
  return [...statements]
    .filter(([, what]) => {
      const names = /\{([^}]*)\}/.exec(what ?? '')?.[1]?.split(',');
      const written = names?.map((name) => name.trim()).filter(Boolean) ?? [];
      return written.length === 0 || !written.every((name) => name.startsWith('type '));
    })
    .map(([, , name]) => path.join(path.dirname(file), name!).replace(/\.js$/, '.ts'));
}

/** A way from a file back to itself, undefined where there is none. */
function circle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (file: string): string[] | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return undefined;
    way.push(file);
    for (const next of graph.get(file) ?? []) {
      const found = visit(next);
      if (found) return found;
    }
    way.pop();
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const found = visit(file);
    if (found) return found;
  }
  return undefined;
}

describe('circles', () => {
  it('are none in lib', () => {
    const files = filesUnder('lib', ['.ts']);
    const graph = new Map(files.map((file) => [file, loaded(file)]));
    expect([...graph.values()].flat().filter((file) => !graph.has(file))).toEqual([]);
    expect([...graph.values()].flat().length).toBeGreaterThan(500);
    expect(circle(graph)).toBeUndefined();
  });

  it('are none in native', () => {
    const files = filesUnder('native', ['.h', '.cuh', '.cc', '.cu']);
    expect(
      circle(new Map(files.map((file) => [file, includes(file).map((name) => `native/${name}`)]))),
    ).toBeUndefined();
  });

  it('would be found, through any number of files', () => {
    const graph = new Map([
      ['a', ['b', 'c']],
      ['b', []],
      ['c', ['d']],
      ['d', ['b', 'a']],
    ]);
    expect(circle(graph)).toEqual(['a', 'c', 'd', 'a']);
    expect(circle(new Map([...graph, ['d', ['b']]]))).toBeUndefined();
  });

  it('are made of values: types are left out, however they are imported', () => {
    const source = [
      "import { a } from './a.js';",
      "import type { b } from './b.js';",
      "import {\n  type c,\n  type d,\n} from './c.js';",
      "export { type e, f } from './e.js';",
      "export * from './g.js';",
      "import './h.js';",
      "export type { i } from './i.js';",
      "const later = () => import('./j.js');",
    ].join('\n');
    expect(loaded('lib/room/x.ts', source)).toEqual(['a', 'e', 'g', 'h'].map((name) => `lib/room/${name}.ts`));
  });
});
