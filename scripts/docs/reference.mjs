// The reference of the library: one page for each group of public names (lib/public) and each namespace in one, written by
// TypeDoc from the doc comments. docs/reference.md is its overview.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Application } from 'typedoc';

const options = (root, out) => ({
  entryPoints: readdirSync(path.join(root, 'lib/public'))
    .filter((name) => name !== 'index.ts')
    .map((name) => path.join(root, 'lib/public', name)),
  tsconfig: path.join(root, 'tsconfig.build.json'),
  plugin: ['typedoc-plugin-markdown'],
  out,
  name: 'Library reference',
  readme: 'none',
  entryFileName: 'index',
  router: 'module',
  flattenOutputFiles: true,
  disableSources: true,
  excludePrivate: true,
  excludeInternal: true,
  excludeExternals: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  ...Object.fromEntries(
    ['parameters', 'interfaceProperties', 'classProperties', 'typeDeclaration', 'typeAliasProperties'].map((what) => [
      `${what}Format`,
      'table',
    ]),
  ),
  groupOrder: ['Functions', 'Classes', 'Namespaces', 'Variables', 'Interfaces', 'Type Aliases'],
  tableColumnSettings: { hideInherited: true, hideModifiers: true },
  // A type that no group exports is told where it is used.
  validation: { notExported: false, invalidLink: true, notDocumented: false },
  treatWarningsAsErrors: true,
  logLevel: 'Warn',
});

/** Doc comments say "Throws X for this." and "Example: `code`." within their text; a page has them as paragraphs. */
export const inParagraphs = (page) =>
  page
    .replaceAll(/(?<=[.)`]) Throws (?=[A-Z]\w+Error)/g, '\n\n**Throws** ')
    .replaceAll(/(?<=\S)\s+Example: (?=`)/g, '\n\n**Example:** ');

/** Writes the reference into `out`; `titles` are those of its pages by their names. */
export async function writeReference(root, out, titles) {
  rmSync(out, { recursive: true, force: true });
  const app = await Application.bootstrapWithPlugins(options(root, out));
  const project = await app.convert();
  if (project === undefined) throw new Error('docs: expected the sources to compile, got errors');
  app.validate(project);
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) {
    throw new Error('docs: expected TypeDoc to write the reference without a word, got the lines above');
  }
  for (const name of readdirSync(out)) {
    const page = name.replace('.Namespace.', '.');
    const text = readFileSync(path.join(out, name), 'utf8').replaceAll('.Namespace.', '.');
    rmSync(path.join(out, name));
    if (page === 'index.md') continue;
    const title = titles[page.replace(/\.md$/, '')];
    if (title === undefined)
      throw new Error(`docs: expected reference/${page} in docs/.vitepress/sidebar.mjs, got none`);
    writeFileSync(path.join(out, page), inParagraphs(text).replace(/^# .*$/m, `# ${title}`));
  }
}
