/** `samebits gradcam --pairs`: a list of pictures of two things each, as a table, overlays and a summary. */
import { basename, extname, join } from 'node:path';
import { ArgumentError, show } from '../../errors/index.js';
import type { PairFinding, PairsOptions } from '../../explain/index.js';
import { printJson } from '../json.js';

interface Options extends PairsOptions {
  out?: string;
  json?: true;
}

/** A name as part of a file's name. */
export const fileWord = (name: string): string => name.replaceAll(/[^\p{L}\p{N}._-]/gu, '_');

const stemOf = (path: string) => basename(path, extname(path));

/** Refuses options that are about one picture beside a list of them. */
export function checkAlone(options: Record<string, unknown>): void {
  const [name, value] = Object.entries(options).find(([, given]) => given !== undefined) ?? [];
  if (name === undefined) return;
  const expected = `no --${name} beside it, which is about a single picture`;
  throw new ArgumentError({ who: '--pairs', expected, got: show(Array.isArray(value) ? value.join(',') : value) });
}

/** Explains the list, writes overlays and tables and prints what was found. */
export async function gradcamPairs({ out, json, ...options }: Options): Promise<void> {
  const { encodePng } = await import('../../data/index.js');
  const { explainPairs } = await import('../../explain/index.js');
  const { claimFolder, writeWhole } = await import('../../files/index.js');
  const { pairsAgreementCsv, pairsCsv, pairsSummaryCsv, pairsText } = await import('../../reports/index.js');
  const folder = out ?? join('gradcam', stemOf(options.pairs));
  using _claim = claimFolder('--out', folder);
  let overlays = 0;
  // The row keeps apart what the same name in two folders would not.
  const nameOf = (row: number, file: string, finding: PairFinding) =>
    `${String(row).padStart(2, '0')}-${fileWord(stemOf(file))}-${fileWord(finding.class)}-run-${finding.run}.png`;
  const result = await explainPairs(options, {
    onOverlay: async (overlay, finding, { row, file }) => {
      writeWhole(join(folder, nameOf(row, file, finding)), await encodePng(overlay));
      overlays += 1;
    },
  });
  const files: [string, string][] = [
    ['pairs.json', `${JSON.stringify(result, null, 2)}\n`],
    ['pairs.csv', pairsCsv(result)],
    ['summary.csv', pairsSummaryCsv(result)],
    ...(result.agreement.length === 0 ? [] : [['agreement.csv', pairsAgreementCsv(result)] as [string, string]]),
  ];
  for (const [name, content] of files) writeWhole(join(folder, name), content);
  const wrote = `wrote      ${overlays} overlays, ${files.map(([name]) => name).join(', ')} in ${folder}`;
  if (json) {
    printJson('gradcam-pairs', result);
    process.stderr.write(`${wrote}\n`);
  } else {
    process.stdout.write(`${pairsText(result)}\n\n${wrote}\n`);
  }
}
