/** Which sums of a runtime are joined by order of arrival, and whether a seed draws that order. */
import type { NativeCapabilities } from '../addon/index.js';
import { ArgumentError, checkOptions, seedOption, show } from '../errors/index.js';

/** How the order of arrival is drawn. */
export interface ArrivalOptions {
  /** Integer from 0 to 2^53 - 1. */
  seed: number;
}

const who = 'createRuntime';

function refuse(expected: string, got: string, hint?: string): never {
  throw new ArgumentError(hint === undefined ? { who, expected, got } : { who, expected, got, hint });
}

/** The named kernels in the order of the kernel table. Throws ArgumentError for a kernel without joins or one named twice. */
export function atomicKernels(names: readonly string[], mode: string, offers: NativeCapabilities): readonly string[] {
  const { joins, kernels } = offers;
  if (!Array.isArray(names)) refuse('atomic to be a list of kernels', show(names));
  const expected = `atomic kernels of ${joins.join(', ')}`;
  for (const [i, name] of names.entries()) {
    if (kernels.includes(name) && !joins.includes(name)) refuse(expected, show(name), 'it has no sums to join');
    if (!joins.includes(name)) refuse(expected, show(name));
    if (names.indexOf(name) < i) refuse('each atomic kernel once', `${show(name)} twice`);
  }
  if (names.length > 0 && mode !== 'deterministic') {
    refuse(
      "mode 'deterministic' beside atomic kernels",
      show(mode),
      'atomic mode already joins every sum as it arrives',
    );
  }
  return joins.filter((name) => names.includes(name));
}

/** The seed of the arrivals, undefined for real arrival. Throws ArgumentError where no sum would follow it. */
export function arrivalSeed(
  arrival: ArrivalOptions | undefined,
  runtime: { device: string; mode: string; atomic: readonly string[] },
): number | undefined {
  if (arrival === undefined) return undefined;
  if (typeof arrival !== 'object' || arrival === null) refuse('arrival to be { seed }', show(arrival));
  checkOptions(`${who} arrival`, arrival, ['seed']);
  const seed = seedOption(`${who} arrival`, 'seed', arrival.seed);
  if (runtime.device !== 'cpu') refuse("device 'cpu' for a seeded arrival", show(runtime.device));
  if (runtime.mode === 'deterministic' && runtime.atomic.length === 0) {
    const hint = 'deterministic sums are joined by place, so no order of arrival can matter';
    refuse("mode 'atomic' or atomic kernels for a seeded arrival", 'neither', hint);
  }
  return seed;
}

/** Where sums arrive: the device, its threads (`cores` if not given), and the seed of a drawn order. */
export interface ArrivalPlace {
  device: string;
  threads?: number | undefined;
  arrivalSeed?: number | undefined;
}

/**
 * Whether the sums of an atomic kernel can arrive in more than one order, so that two runs can differ. They can where the order
 * is drawn, with several threads, and on a CUDA device. One CPU thread always adds in the same order.
 */
export const severalOrders = ({ device, threads, arrivalSeed: seed }: ArrivalPlace, cores: number): boolean =>
  device !== 'cpu' || seed !== undefined || (threads ?? cores) > 1;

/** The number of threads in the words of an error: `1`, or `none, on a machine with 1 core`. */
export const threadsGiven = (threads: number | undefined, cores: number): string =>
  threads === undefined ? `none, on a machine with ${cores} core${cores === 1 ? '' : 's'}` : show(threads);
