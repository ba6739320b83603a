// The examples in doc comments fit the types: each is compiled as a user would write it, with names that say what they hold.

import path from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { filesUnder, root, text } from '../architecture/sources.js';

/** Names that examples take for granted, with what they hold. */
const context: Record<string, string> = {
  ...Object.fromEntries(
    ['x', 'residual', 'mask', 'weight', 'depthwise', 'pointwise', 'bias', 'labels', 'logits', 'p', 'variance']
      .concat(['features', 'matrices', 'pictures', 'up', 'skip', 'floor', 'ceiling', 'gamma', 'beta'])
      .map((name) => [name, 'lib.Tensor']),
  ),
  ...{
    step: 'number',
    epoch: 'number',
    n: 'number',
    c: 'number',
    runtime: 'lib.Runtime',
    model: 'lib.Model',
    net: 'lib.Model',
    picture: 'lib.Rgb',
    dataset: 'lib.Dataset',
  },
  ...{ heat: 'lib.HeatMap', first: 'lib.HeatMap', second: 'lib.HeatMap', run: 'lib.FinishedRun' },
  place: "{ device: 'cpu'; isa: 'auto' }",
  settings: 'lib.AttributeOptions',
  writeFileSync: "typeof import('node:fs').writeFileSync",
};

interface Example {
  file: string;
  code: string;
}

const examples: Example[] = filesUnder('lib', ['.ts']).flatMap((file) =>
  [...text(file).matchAll(/Example: `([^`]+)`/g)].map((match) => ({
    file,
    code: match[1]!.replaceAll(/\n\s*\* /g, ' '),
  })),
);

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile).config,
  ts.sys,
  root,
);
const rooms = filesUnder('lib', ['index.ts']).map((file) => path.join(root, file));

/** The public names, those of the example's room, and those its file exports: the last wins. */
function exportsFor(program: ts.Program, file: string): Map<string, string> {
  const checker = program.getTypeChecker();
  const own = path.join(root, file);
  const room = path.join(path.dirname(own), 'index.ts');
  const found = new Map<string, string>();
  for (const module of [path.join(root, 'lib/index.ts'), room, own]) {
    const symbol = checker.getSymbolAtLocation(program.getSourceFile(module)!);
    for (const { name } of symbol === undefined ? [] : checker.getExportsOfModule(symbol)) found.set(name, module);
  }
  return found;
}

function moduleOf({ file, code }: Example, names: Map<string, string>): string {
  const words = new Set(code.replaceAll(/'[^']*'|\.{3}/g, '').match(/(?<![.\w])[A-Za-z_]\w*(?!\w*:)/g));
  const from = (module: string) => path.relative(path.join(root, 'test/docs'), module).replace(/\.ts$/, '.js');
  const imported = [...words].filter((word) => names.has(word) && !(word in context));
  const taken = [...words].filter((word) => word in context);
  return [
    `import type * as lib from '../../lib/index.js'; // ${file}`,
    ...imported.map((word) => `import { ${word} } from '${from(names.get(word)!)}';`),
    ...taken.map((word) => `declare const ${word}: ${context[word]};`),
    `export const example = async () => (${code});`,
  ].join('\n');
}

/** What the compiler says of each module, by its number. */
function complaints(modules: readonly string[], before?: ts.Program): string[][] {
  const virtual = new Map(modules.map((code, i) => [path.join(root, `test/docs/example_${i}.ts`), code]));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (file) => virtual.get(file) ?? readFile(file);
  host.fileExists = (file) => virtual.has(file) || fileExists(file);
  host.getSourceFile = (file, language, ...more) => {
    const code = virtual.get(file);
    return code === undefined ? getSourceFile(file, language, ...more) : ts.createSourceFile(file, code, language);
  };
  const program = ts.createProgram([...rooms, ...virtual.keys()], { ...options, noEmit: true }, host, before);
  return [...virtual.keys()].map((file) => {
    const source = program.getSourceFile(file)!;
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  });
}

describe('an example in a doc comment', () => {
  let said: string[][];
  const wrong = ["relu('x')", 'relu(nowhere)', 'relu(x'];
  beforeAll(() => {
    const first = ts.createProgram([...rooms, ...examples.map(({ file }) => path.join(root, file))], options);
    const all = [...examples, ...wrong.map((code) => ({ file: 'lib/ops/relu.ts', code }))];
    said = complaints(
      all.map((example) => moduleOf(example, exportsFor(first, example.file))),
      first,
    );
  });

  it.each(examples.map(({ file, code }, i) => [file, code, i] as const))('%s: %s', (_file, _code, i) => {
    expect(said[i]).toEqual([]);
  });

  it('would be refused with a wrong type, an unknown name or half a call', () => {
    expect(said.slice(examples.length).map((messages) => messages.length > 0)).toEqual([true, true, true]);
    expect(examples.length).toBeGreaterThan(35);
  });
});
