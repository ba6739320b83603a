// The files of test/cases, read as they lie in their folder: a new operation brings one, and no list names it.

import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { type Runtime, scope } from '../../lib/index.js';
import type { OperationCase, OperationTable } from '../cases/case.js';
import type { Drawer } from '../drawn/drawer.js';
import type { Probe } from '../order/probe.js';
import type { Piece } from './pieces.js';
import type { AnyTable, CaseResult } from './run_case.js';

const folder = new URL('../cases/', import.meta.url);

/** Draws a case of a table at random; without it, the inputs of one of its own cases get any shape they all share. */
export type DrawCase = (draw: Drawer, table: OperationTable<unknown>) => OperationCase<unknown>;

/** What a case file exports: `golden`, and `table` or `tables`; the others where its operation needs them. */
interface CaseModule {
  /** The digest over all that its cases and pieces give, for the contract of `goldenContract`; `npm run golden` writes it. */
  golden: string;
  table?: AnyTable;
  tables?: AnyTable[];
  /** Work for kernels that none of the cases reaches, by title. */
  beside?: Readonly<Record<string, Piece>>;
  /** What shows the order of its kernels' sums, made when asked for. */
  probes?: () => readonly Probe[];
  draw?: DrawCase;
}

export interface CaseFile {
  readonly file: URL;
  /** Without the ending: `conv2d`. */
  readonly name: string;
  readonly golden: string;
  readonly tables: readonly AnyTable[];
  readonly beside: Readonly<Record<string, Piece>>;
  probes(): readonly Probe[];
  readonly draw: DrawCase | undefined;
}

/** The files in the order of their names. */
export async function loadCaseFiles(): Promise<CaseFile[]> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'case.ts');
  return Promise.all(
    names.sort().map(async (name) => {
      const file = new URL(name, folder);
      const { golden, table, tables, beside = {}, probes = () => [], draw } = (await import(file.href)) as CaseModule;
      return { file, name: name.slice(0, -'.ts'.length), golden, tables: tables ?? [table!], beside, probes, draw };
    }),
  );
}

/** A piece with its title; run in a scope of its own, it has one result. */
export interface TitledPiece {
  readonly title: string;
  readonly judged: Piece['judged'];
  run(runtime: Runtime): CaseResult;
}

/** The pieces of a file. */
export const piecesOf = ({ beside }: CaseFile): TitledPiece[] =>
  Object.entries(beside).map(([title, { run, judged }]) => ({
    title,
    judged,
    run: (runtime) =>
      scope(() => {
        const y = run(runtime);
        return { y: { shape: y.shape, data: y.data() }, gradients: [] };
      }),
  }));

/** The pieces of all files. */
export const loadPieces = async (): Promise<TitledPiece[]> => (await loadCaseFiles()).flatMap(piecesOf);

/** The digest over digests by title, in their order. */
export function digestOfAll(digests: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const [title, digest] of digests) hash.update(`${JSON.stringify([title, digest])}\n`);
  return `sha256:${hash.digest('hex')}`;
}
