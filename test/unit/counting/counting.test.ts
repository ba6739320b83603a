// Connected components against a flood fill, objects that count, objects that are the same, and the measures of the paper.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectedComponents, countMeasures, matchObjects, objectsIn } from '../../../lib/counting/index.js';

/** Pixels of a drawing: '#' belongs to the mask. */
const maskOf = (...rows: string[]) => [...rows.join('')].map((one) => (one === '#' ? 1 : 0));
const sizeOf = (...rows: string[]) => [rows.length, rows[0]!.length] as const;
const objectsOf = (rows: string[], options = {}) => objectsIn(maskOf(...rows), sizeOf(...rows), options);

/** The same by filling from each pixel that has no number yet. */
function flooded(mask: readonly number[], height: number, width: number, connectivity: 4 | 8): number[] {
  const labels = mask.map(() => 0);
  let next = 0;
  for (let start = 0; start < mask.length; start++) {
    if (!mask[start] || labels[start]) continue;
    labels[start] = ++next;
    for (const waiting = [start]; waiting.length > 0; ) {
      const at = waiting.pop()!;
      for (let down = -1; down <= 1; down++) {
        for (let right = -1; right <= 1; right++) {
          if (connectivity === 4 && down !== 0 && right !== 0) continue;
          const [row, column] = [Math.floor(at / width) + down, (at % width) + right];
          const other = row * width + column;
          if (row < 0 || column < 0 || row >= height || column >= width || !mask[other] || labels[other]) continue;
          labels[other] = next;
          waiting.push(other);
        }
      }
    }
  }
  return labels;
}

describe('connected components', () => {
  it.each([4, 8] as const)(
    'with %i neighbours are those of a flood fill, numbered by their first pixels',
    (connectivity) => {
      const drawn = fc
        .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
        .chain(([height, width]) =>
          fc.tuple(
            fc.constant(height),
            fc.constant(width),
            fc.array(fc.constantFrom(0, 1, 1), { minLength: height * width, maxLength: height * width }),
          ),
        );
      fc.assert(
        fc.property(drawn, ([height, width, mask]) => {
          const { labels, areas } = connectedComponents(mask, [height, width], connectivity);
          const wanted = flooded(mask, height, width, connectivity);
          expect(Array.from(labels)).toEqual(wanted);
          expect(areas).toEqual(areas.map((_, i) => wanted.filter((label) => label === i + 1).length));
        }),
        { seed: 7, numRuns: 300 },
      );
    },
  );

  it('meet at corners only with 8 neighbours', () => {
    const rows = ['#.', '.#'];
    expect([4, 8].map((n) => connectedComponents(maskOf(...rows), sizeOf(...rows), n as 4 | 8).areas.length)).toEqual([
      2, 1,
    ]);
  });

  it('are refused for a mask of another size and other neighbours', () => {
    expect(() => connectedComponents([1, 0], [2, 2])).toThrow(
      expect.objectContaining({
        code: 'SHAPE',
        message: 'connectedComponents: expected a mask of 2 x 2 pixels, got 2 values',
      }),
    );
    expect(() => connectedComponents([1], [1, 1], 6 as never)).toThrow(
      'connectedComponents: expected connectivity to be 4 or 8, got 6',
    );
  });
});

const drawn = ['##..#', '##..#', '.....', '..#..', '#...#'];

describe('objects', () => {
  it('are the components that are large enough, numbered anew', () => {
    const { areas, labels, removed, count } = objectsOf(drawn, { minArea: 2 });
    expect([areas, removed, count]).toEqual([[4, 2], 3, 2]);
    expect(Array.from(labels)).toEqual([1, 1, 0, 0, 2, 1, 1, 0, 0, 2, ...Array.from({ length: 15 }, () => 0)]);
    expect(objectsOf(drawn, { minArea: 5 }).count).toBe(0);
  });

  it.each([
    [[], [true, true, true, true, true]],
    [['left'], [false, true, true, false, true]],
    [['right'], [true, false, true, true, false]],
    [['top'], [false, false, true, true, true]],
    [['bottom'], [true, true, true, false, false]],
    [
      ['left', 'bottom'],
      [false, true, true, false, false],
    ],
  ])('that touch the exclusion lines %o do not count', (exclude, counted) => {
    const objects = objectsOf(drawn, { exclude });
    expect(objects.counted).toEqual(counted);
    expect(objects.count).toBe(counted.filter(Boolean).length);
  });

  it('are refused for options that are none', () => {
    expect(() => objectsOf(drawn, { minArea: -1 })).toThrow(
      'objectsIn: expected minArea to be an integer >= 0, got -1',
    );
    expect(() => objectsOf(drawn, { exclude: ['north'] })).toThrow(
      "objectsIn: expected exclude to be one of 'left', 'right', 'top', 'bottom', got 'north'",
    );
  });
});

describe('matched objects', () => {
  it('share at least half of what both cover, the nearest pairs first, each once', () => {
    const truth = objectsOf(['####....', '........', '####.###']);
    const predicted = objectsOf(['###..#..', '........', '##.#.###']);
    expect(matchObjects(truth, predicted)).toEqual([
      { truth: 3, predicted: 5, iou: 1 },
      { truth: 1, predicted: 1, iou: 0.75 },
      { truth: 2, predicted: 3, iou: 0.5 },
    ]);
    expect(matchObjects(truth, predicted, { iou: 0.6 })).toHaveLength(2);
  });

  it('take of equal pairs the earlier ones', () => {
    const truth = objectsOf(['##.##']);
    const predicted = objectsOf(['#####']);
    expect(matchObjects(truth, predicted, { iou: 0.3 })).toEqual([{ truth: 1, predicted: 1, iou: 0.4 }]);
    expect(matchObjects(predicted, truth, { iou: 0.3 })).toEqual([{ truth: 1, predicted: 1, iou: 0.4 }]);
  });

  it('are only those that count', () => {
    const exclude = ['left'];
    expect(matchObjects(objectsOf(['##.##'], { exclude }), objectsOf(['##.##']))).toEqual([
      { truth: 2, predicted: 2, iou: 1 },
    ]);
  });

  it('are refused for two sizes and for no share', () => {
    expect(() => matchObjects(objectsOf(['#']), objectsOf(['##']))).toThrow(
      'matchObjects: expected masks of one size, 1 x 1, got 1 x 2',
    );
    expect(() => matchObjects(objectsOf(['#']), objectsOf(['#']), { iou: 0 })).toThrow(
      'matchObjects: expected iou to be a number above 0, up to 1, got 0',
    );
  });
});

describe('measures', () => {
  it('are those of equations 3 and 4, and of matched objects', () => {
    const tally = { truth: 20, predicted: 23, matched: 18, truthPixels: 100, predictedPixels: 60, bothPixels: 40 };
    const { errorRate, dice, precision, recall, f1 } = countMeasures(tally);
    expect([errorRate, dice, precision, recall]).toEqual([15, 0.5, 18 / 23, 0.9]);
    expect(f1).toBeCloseTo((2 * (18 / 23) * 0.9) / (18 / 23 + 0.9), 12);
  });

  it('are none where there is nothing to divide by', () => {
    const nothing = { truth: 0, predicted: 0, matched: 0, truthPixels: 0, predictedPixels: 0, bothPixels: 0 };
    expect(Object.values(countMeasures(nothing))).toEqual([null, null, null, null, null]);
    expect(countMeasures({ ...nothing, predicted: 2 })).toMatchObject({
      errorRate: null,
      precision: 0,
      recall: null,
      f1: 0,
    });
  });
});
