/** A table as LaTeX, for a paper: booktabs, a caption and a label, numbers as the page shows them. */
import { Markup } from '../html/markup.js';
import type { DataTable } from './table.js';

/** What TeX reads as a command, and the signs that not every font of it has. */
const written: Readonly<Record<string, string>> = {
  ...{ '\\': '\\textbackslash{}', '{': '\\{', '}': '\\}', $: '\\$', '&': '\\&', '#': '\\#', '%': '\\%', _: '\\_' },
  ...{ '~': '\\textasciitilde{}', '^': '\\textasciicircum{}', '<': '\\textless{}', '>': '\\textgreater{}' },
  ...{
    '\u2212': '$-$',
    '\u2013': '--',
    '\u2014': '---',
    '\u2019': "'",
    '\u201c': '``',
    '\u201d': "''",
    '\u00d7': '$\\times$',
  },
  ...{ '\u03b7': '$\\eta$', '\u03b5': '$\\varepsilon$', '\u00b2': '$^2$', '\u00b1': '$\\pm$', '\u2026': '\\dots{}' },
};

/** A text that TeX prints as it is. */
export const latexText = (text: string): string =>
  text.replaceAll(
    /[\\{}$&#%_~^<>\u2212\u2013\u2014\u2019\u201c\u201d\u00d7\u03b7\u03b5\u00b2\u00b1\u2026]/g,
    (sign) => written[sign]!,
  );

/** The table, to be put into a document that uses the package booktabs. */
export function tableLatex({ name, caption, columns, rows }: DataTable): string {
  const shown = columns.flatMap((column, i) => (column.fileOnly ? [] : [{ column, i }]));
  const cells = rows.map((row) =>
    shown.map(({ column: { show }, i }) => {
      const value = row[i]!;
      const part = show === undefined ? undefined : show(value as never);
      // What the page shows as markup, such as a hash that can be hovered, is its value here.
      if (part === undefined || part instanceof Markup || typeof part === 'object')
        return value === null ? '--' : latexText(String(value));
      return latexText(String(part));
    }),
  );
  const kinds = shown.map(({ column: { words } }, at) => (at === 0 || words ? 'l' : 'r')).join('');
  const line = (parts: readonly string[]) => `  ${parts.join(' & ')} \\\\`;
  return [
    '% needs \\usepackage{booktabs}',
    '\\begin{table}',
    '\\centering',
    `\\caption{${latexText(caption)}}`,
    `\\label{tab:${name.replaceAll(/[^\w-]+/g, '-')}}`,
    `\\begin{tabular}{${kinds}}`,
    '  \\toprule',
    line(shown.map(({ column: { title } }) => latexText(title))),
    '  \\midrule',
    ...cells.map(line),
    '  \\bottomrule',
    '\\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}
