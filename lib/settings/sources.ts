/** The sources of difference a training is run with on purpose: atomic kernels, a seeded arrival, a flipped bit. */
import { givenOptions } from '../errors/index.js';
import type { RuntimeOptions } from '../runtime/index.js';
import type { TrainOptions } from './table.js';

/** What of a training's options is a source of difference. */
export type SourceOptions = Pick<TrainOptions, 'atomic' | 'arrivalSeed' | 'flip'>;

/** The sources alone, without those that are absent. */
export const sourcesOf = (options: SourceOptions): SourceOptions =>
  givenOptions(options, ['atomic', 'arrivalSeed', 'flip']);

/** The runtime a training asks for. */
export function runtimeOptionsOf(
  options: Pick<TrainOptions, 'device' | 'isa' | 'mode' | 'threads' | 'atomic' | 'arrivalSeed'>,
): RuntimeOptions {
  const { device, isa, mode, threads, atomic, arrivalSeed } = options;
  return {
    device,
    isa,
    mode,
    ...(threads !== undefined && { threads }),
    ...(atomic !== undefined && { atomic }),
    ...(arrivalSeed !== undefined && { arrival: { seed: arrivalSeed } }),
  };
}

/** Whether some sums of a training are joined as they arrive. */
export const joinsByArrival = ({ mode, atomic }: Pick<TrainOptions, 'mode' | 'atomic'>): boolean =>
  mode === 'atomic' || (atomic?.length ?? 0) > 0;
