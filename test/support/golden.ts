// The golden digests: those of every case and piece as a runtime gives them, held against what the case files keep.

import type { Runtime } from '../../lib/index.js';
import { claimedCasesOf, runClaimed } from '../determinism/claims.js';
import { type CaseFile, digestOfAll, loadCaseFiles, piecesOf } from './case_files.js';
import { digestOf } from './digest.js';

/** The digests of a file's cases, then pieces, by title. */
export function digestsOf(runtime: Runtime, file: CaseFile): Map<string, string> {
  const cases = claimedCasesOf(file.tables).map((claimed) => [claimed.title, digestOf(runClaimed(runtime, claimed))]);
  const pieces = piecesOf(file).map(({ title, run }) => [title, digestOf(run(runtime))]);
  return new Map([...cases, ...pieces] as [string, string][]);
}

/** Every digest by title. Throws, with those of its file, where a file's digest is another than the one it keeps. */
export async function goldenDigests(runtime: Runtime): Promise<Map<string, string>> {
  const all = (await loadCaseFiles()).flatMap((file) => {
    const digests = digestsOf(runtime, file);
    const digest = digestOfAll(digests);
    if (digest === file.golden) return [...digests];
    const each = [...digests].map(([title, one]) => `  ${title}: ${one}`);
    throw new Error(`golden of ${file.name}: expected ${file.golden}, got ${digest} over\n${each.join('\n')}`);
  });
  return new Map(all);
}
