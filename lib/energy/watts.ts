/**
 * Watts of a busy processor where nothing can be measured: a range, since one thread alone has a core's power and a full machine shares
 * it out. The low end is the rated power of a thrifty part of the kind over its hardware threads, the high end that of a hungry one
 * over its cores, both by their makers' data. Memory, disks, fans and what a power supply loses are not in it.
 */

/** A kind of processor. */
export interface Watts {
  kind: string;
  /** Its names. */
  names: RegExp;
  /** Watts of a hardware thread that is busy. */
  low: number;
  high: number;
  /** The parts that the ends are of. */
  from: string;
}

/** By kind; the last one is taken where a processor's name says nothing. */
export const wattsTable: readonly Watts[] = [
  {
    kind: 'server',
    names: /xeon|epyc|opteron|neoverse|graviton|ampere|altra/i,
    ...{ low: 1.4, high: 20.6, from: 'EPYC 9754 (360 W, 256 threads) to Xeon Gold 6334 (165 W, 8 cores)' },
  },
  {
    kind: 'mobile',
    names: /\b(i\d-)?\d{4,5}(U|Y|H|HQ|HX|HS|P|G\d)\b|core\(tm\) m\d?-|apple m\d|snapdragon/i,
    ...{ low: 1.2, high: 13.8, from: 'Core i7-1355U (15 W, 12 threads) to Core i7-2960XM (55 W, 4 cores)' },
  },
  {
    kind: 'desktop',
    names: /core\(tm\)|ryzen|pentium|celeron|athlon|\bfx\b/i,
    ...{ low: 1.1, high: 27.5, from: 'Core i9-13900T (35 W, 32 threads) to FX-9590 (220 W, 8 cores)' },
  },
  {
    kind: 'unknown',
    names: /^/,
    ...{ low: 1.1, high: 27.5, from: 'the lowest and the highest of the other rows' },
  },
];

/** The row of a processor by its name. */
export const wattsOf = (processor: string): Watts => wattsTable.find(({ names }) => names.test(processor))!;
