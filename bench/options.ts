/** The command line of the benches: `npm run bench -- [part ...] [options]`; without a part, all parts. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { ArgumentError, show } from '../lib/errors/index.js';
import { capabilities, type Isa } from '../lib/runtime/index.js';

export const parts = ['ops', 'modes', 'models', 'networks', 'growth', 'trace', 'start', 'reading', 'study'] as const;
export type Part = (typeof parts)[number];

export interface BenchOptions {
  parts: readonly Part[];
  /** Fewer repeats, the best instruction set only: to see that a change helps, not to publish. */
  quick: boolean;
  isas: readonly Isa[];
  threads: readonly number[];
  /** Only cases, steps and models whose name contains this. */
  only: string;
  /** Folder of the JSON file. */
  out: string;
}

export const usage = `usage: npm run bench -- [${parts.join('] [')}] [--quick] [--threads 1,2] [--isa avx2,avx512]
                      [--only TEXT] [--out FOLDER]`;

function refuse(expected: string, got: string, hint?: string): never {
  throw new ArgumentError({ who: 'bench', expected, got, ...(hint === undefined ? {} : { hint }) });
}

function threadList(text: string): number[] {
  const list = text.split(',').map(Number);
  const good = list.every((count) => Number.isInteger(count) && count >= 1 && count <= 1024);
  return good ? list : refuse('--threads to be integers from 1 to 1024, separated by commas', show(text));
}

function isaList(text: string): Isa[] {
  const offers = capabilities().isas;
  return text.split(',').map((name) => {
    const entry = offers.find((offer) => offer.name === name);
    if (entry?.available) return name as Isa;
    const there = offers.filter(({ available }) => available).map((offer) => offer.name);
    return refuse(`--isa to be among ${there.join(', ')}`, show(name), entry?.reason);
  });
}

function defaultIsas(quick: boolean): Isa[] {
  const { isas, bestIsa } = capabilities();
  // The scalar build is the referee, not a fast path; it is measured when it is asked for.
  const fast = isas.filter(({ available, name }) => available && name !== 'scalar').map(({ name }) => name as Isa);
  return quick || fast.length === 0 ? [bestIsa as Isa] : fast;
}

const defaultThreads = (): number[] => (availableParallelism() === 1 ? [1] : [1, 2]);

/** Reads the command line. Throws ArgumentError, worded for the user, when it asks for what cannot be had. */
export function readOptions(args: readonly string[]): BenchOptions {
  const text = { type: 'string' } as const;
  const parse = () =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { quick: { type: 'boolean', default: false }, threads: text, isa: text, only: text, out: text },
    });
  let given: ReturnType<typeof parse>;
  try {
    given = parse();
  } catch (error) {
    return refuse('options it knows', show(args.join(' ')), (error as Error).message.split('.')[0]);
  }
  const { values, positionals } = given;
  const unknown = positionals.find((name) => !parts.includes(name as Part));
  if (unknown !== undefined) refuse(`parts among ${parts.join(', ')}`, show(unknown));
  const quick = values.quick === true;
  return {
    parts: positionals.length === 0 ? parts : parts.filter((part) => positionals.includes(part)),
    quick,
    isas: values.isa === undefined ? defaultIsas(quick) : isaList(values.isa),
    threads: values.threads === undefined ? defaultThreads() : threadList(values.threads),
    only: values.only ?? '',
    out: values.out ?? 'bench/results',
  };
}
