// The public names: just those of the list beside this file, each with a doc comment. A change of the list is a change of the
// package, and reviewed as one (vitest -u writes it). What a namespace holds is its room's own list, so a new layer is one line
// there; its members have doc comments as well.

import path from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { filesUnder, root } from '../architecture/sources.js';

interface Name {
  name: string;
  /** Whether it is there while a program runs, or is a type alone. */
  isValue: boolean;
  doc: string;
  /** Names that it holds, where it is a namespace. */
  members: Name[];
}

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile).config,
  ts.sys,
  root,
);
const groups = filesUnder('lib/public', ['.ts']).filter((file) => !file.endsWith('/index.ts'));

/** The comment that a file begins with. */
const headOf = (file: ts.SourceFile) => /^\s*\/\*\*([\s\S]*?)\*\//.exec(file.text)?.[1]?.trim() ?? '';

function namesIn(checker: ts.TypeChecker, module: ts.Symbol): Name[] {
  return checker.getExportsOfModule(module).map((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const file = symbol.declarations?.find(ts.isSourceFile);
    return {
      name: exported.name,
      isValue: (symbol.flags & ts.SymbolFlags.Value) !== 0,
      doc: file ? headOf(file) : ts.displayPartsToString(symbol.getDocumentationComment(checker)),
      members: file ? namesIn(checker, symbol) : [],
    };
  });
}

const lineOf = ({ name, isValue, members }: Name) =>
  members.length > 0 ? `${name}.*` : isValue ? name : `type ${name}`;
const bare = (names: readonly Name[], above = ''): string[] =>
  names.flatMap(({ name, doc, members }) => [
    ...(doc === '' ? [above + name] : []),
    ...bare(members, `${above}${name}.`),
  ]);

describe('the public names', () => {
  let all: Name[];
  let grouped: { group: string; names: Name[] }[];
  let wrong: Name[];
  beforeAll(() => {
    const probe = path.join(root, 'test/public/probe.ts');
    const code =
      "/** One. */\nexport const told = 1;\nexport type Untold = 1;\nexport * as errors from '../../lib/errors/index.js';\n";
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists } = host;
    host.fileExists = (file) => file === probe || fileExists(file);
    host.getSourceFile = (file, language, ...more) =>
      file === probe ? ts.createSourceFile(file, code, language) : getSourceFile(file, language, ...more);
    const roots = ['lib/index.ts', ...groups].map((file) => path.join(root, file));
    const program = ts.createProgram([...roots, probe], { ...options, noEmit: true }, host);
    const checker = program.getTypeChecker();
    const of = (file: string) => namesIn(checker, checker.getSymbolAtLocation(program.getSourceFile(file)!)!);
    [all, wrong] = [of(roots[0]!), of(probe)];
    grouped = groups.map((file) => ({ group: path.basename(file, '.ts'), names: of(path.join(root, file)) }));
  });

  it('are those of the list', async () => {
    const text = grouped.map(({ group, names }) => `# ${group}\n${names.map(lineOf).sort().join('\n')}\n`).join('\n');
    await expect(text).toMatchFileSnapshot('names.txt');
  });

  it('stand in one group each', () => {
    const names = grouped.flatMap((group) => group.names.map(({ name }) => name));
    expect([...names].sort()).toEqual(all.map(({ name }) => name).sort());
  });

  it('have a doc comment each, members of namespaces too', () => {
    expect(bare(all)).toEqual([]);
  });

  it('would be found without one (control)', () => {
    expect(bare(wrong).filter((name) => !name.startsWith('errors.'))).toEqual(['Untold']);
    expect(wrong.map(lineOf).sort()).toEqual(['errors.*', 'told', 'type Untold']);
  });
});
