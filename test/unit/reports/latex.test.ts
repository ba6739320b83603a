// Tables as LaTeX: what TeX would read as a command is printed as it is, and only columns that the page shows are there.

import { describe, expect, it } from 'vitest';
import { hashMarkup } from '../../../lib/reports/html/markup.js';
import { latexText, tableLatex } from '../../../lib/reports/tables/latex.js';

describe('a table as LaTeX', () => {
  it('has the columns and numbers of the page, between rules of booktabs', () => {
    const text = tableLatex({
      name: 'differences-valAccuracy',
      caption: '50 % of {D \u2212 ND}',
      columns: [
        { name: 'configuration', title: 'configuration' },
        { name: 'hidden', title: 'hidden', fileOnly: true },
        { name: 'value', title: 'mean_1', show: (value: number) => value.toFixed(2) },
        { name: 'hash', title: 'weights', show: hashMarkup },
        { name: 'says', title: 'what it says', words: true },
      ],
      rows: [
        ['keras_convnet & 42', 'no', 0.125, 'sha256:ab', 'differs'],
        ['b', 'no', 2, 'sha256:cd', null],
      ],
    });
    expect(text.split('\n')).toEqual([
      '% needs \\usepackage{booktabs}',
      '\\begin{table}',
      '\\centering',
      '\\caption{50 \\% of \\{D $-$ ND\\}}',
      '\\label{tab:differences-valAccuracy}',
      '\\begin{tabular}{lrrl}',
      '  \\toprule',
      '  configuration & mean\\_1 & weights & what it says \\\\',
      '  \\midrule',
      '  keras\\_convnet \\& 42 & 0.13 & sha256:ab & differs \\\\',
      '  b & 2.00 & sha256:cd & -- \\\\',
      '  \\bottomrule',
      '\\end{tabular}',
      '\\end{table}',
      '',
    ]);
  });

  it('prints every sign of plain text as it is', () => {
    expect(latexText('a\\b{c}$d&e#f%g_h~i^j<k>')).toBe(
      'a\\textbackslash{}b\\{c\\}\\$d\\&e\\#f\\%g\\_h\\textasciitilde{}i\\textasciicircum{}j\\textless{}k\\textgreater{}',
    );
    expect(latexText('\u03b7\u00b2 \u00b1 \u201cx\u201d \u2013 y\u2026')).toBe("$\\eta$$^2$ $\\pm$ ``x'' -- y\\dots{}");
  });
});
