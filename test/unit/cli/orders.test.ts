// Atomic trainings that could only end alike are refused: real arrival on one thread of the CPU, asked for or all there is.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkOrders } from '../../../lib/cli/options.js';

type Asked = Pick<Parameters<typeof checkOrders>[0], 'device' | 'threads' | 'arrivalSeed'>;

function refusal(asked: Asked, cores: number): string | null {
  try {
    checkOrders(asked as Parameters<typeof checkOrders>[0], cores);
  } catch (error) {
    return (error as Error).message;
  }
  return null;
}

const told = (got: string) =>
  `--threads: expected 2 or more for atomic trainings whose sums arrive as the threads make it, got ${got}; ` +
  'one thread always adds in the same order, so they could not differ: give --threads 2, or --arrival-seed to draw the order';

describe('trainings that sums arrive in', () => {
  it.each<[Asked, number, string | null]>([
    [{ device: 'cpu', threads: 1 }, 8, told('1')],
    [{ device: 'cpu' }, 1, told('none, on a machine with 1 core')],
    [{ device: 'cpu' }, 2, null],
    [{ device: 'cpu', threads: 2 }, 1, null],
    [{ device: 'cpu', threads: 1, arrivalSeed: 0 }, 1, null],
    [{ device: 'cuda', threads: 1 }, 1, null],
  ])('%j with %i cores', (asked, cores, expected) => expect(refusal(asked, cores)).toBe(expected));

  it('need several threads or a seed: drawn options, seed 13', () => {
    const some = fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined });
    fc.assert(
      fc.property(some, some, fc.integer({ min: 1, max: 9 }), (threads, arrivalSeed, cores) => {
        const asked = { device: 'cpu', ...(threads && { threads }), ...(arrivalSeed && { arrivalSeed }) } as Asked;
        expect(refusal(asked, cores) === null).toBe(arrivalSeed !== undefined || (threads ?? cores) > 1);
      }),
      { seed: 13, numRuns: 300 },
    );
  });
});
