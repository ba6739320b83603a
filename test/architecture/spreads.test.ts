// A call takes its arguments on the stack: a list of the user's length spread into one ends in "Maximum call stack size
// exceeded" somewhere above 100,000 items. So every spread into a call is listed here, with what bounds its length.

import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { filesUnder, text } from './sources.js';

/** Spreads of lists whose length no data of a user decides: file, and the spread as written. */
const bounded: Record<string, readonly string[]> = {
  // Arguments handed on, as many as a function of the addon has.
  'lib/addon/index.ts': ['...args'],
  // The one argument of a layer's class.
  'lib/layers/layer.ts': ['...options'],
  // The tensors that an operation of one's own is called with.
  'lib/ops/custom.ts': ['...inputs'],
};

/** The spreads into calls, and calls of `apply`, in a source. */
function spreadsIn(source: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      for (const argument of node.arguments ?? []) {
        // A list that is written out where it is spread has its length in the source.
        if (ts.isSpreadElement(argument)) found.push(argument.getText());
      }
      const { expression } = node;
      if (ts.isPropertyAccessExpression(expression) && expression.name.text === 'apply') {
        // Layers are applied to one tensor; Function.prototype.apply takes two arguments.
        if ((node.arguments?.length ?? 0) > 1) found.push(node.getText());
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('a.ts', source, ts.ScriptTarget.Latest, true));
  return found;
}

describe('spreads into calls', () => {
  it('are those that are bounded', () => {
    const found = filesUnder('lib', ['.ts']).flatMap((file) => {
      const own = [...new Set(spreadsIn(text(file)))].filter((spread) => !bounded[file]?.includes(spread));
      return own.map((spread) => `${file}: ${spread}`);
    });
    expect(found).toEqual([]);
  });

  it('are all on the list for a reason: none is there that the source no longer has', () => {
    for (const [file, spreads] of Object.entries(bounded)) {
      expect(spreadsIn(text(file)), file).toEqual(expect.arrayContaining([...spreads]));
    }
  });

  it('would be found in every form', () => {
    expect(spreadsIn('Math.max(...values); list.push(1, ...walk(a)); new Set(...x); f?.(...y)')).toEqual([
      '...values',
      '...walk(a)',
      '...x',
      '...y',
    ]);
    expect(spreadsIn('String.fromCharCode.apply(null, bytes); layer.apply(x)')).toEqual([
      'String.fromCharCode.apply(null, bytes)',
    ]);
    expect(spreadsIn('const a = [...b]; f({ ...c }); const [x, ...rest] = d')).toEqual([]);
  });
});
