// Covered regions and what they do to a ranking.

import { describe, expect, it } from 'vitest';
import { meanColour, occlude, rankChanges, ranking } from '../../lib/index.js';
import { rgbBytes } from '../data/pictures.js';

const picture = { height: 8, width: 10, pixels: rgbBytes(8, 10, 3) };

describe('occlude', () => {
  it('paints the region, and nothing else, and leaves the picture as it was', () => {
    const before = Uint8Array.from(picture.pixels);
    const { pixels } = occlude(picture, { top: 2, left: 7, height: 3, width: 3 }, [1, 2, 3]);
    for (let i = 0; i < 80; i++) {
      const [row, column] = [Math.floor(i / 10), i % 10];
      const inside = row >= 2 && row < 5 && column >= 7;
      expect([...pixels.subarray(3 * i, 3 * i + 3)]).toEqual(
        inside ? [1, 2, 3] : [...before.subarray(3 * i, 3 * i + 3)],
      );
    }
    expect(picture.pixels).toEqual(before);
  });

  it('takes the mean colour of the picture by default, halves rounded up', () => {
    const two = { height: 1, width: 2, pixels: Uint8Array.of(0, 10, 255, 1, 10, 254) };
    expect(meanColour(two)).toEqual([1, 10, 255]);
    const all = occlude(picture, { top: 0, left: 0, height: 8, width: 10 });
    expect(new Set(Array.from({ length: 80 }, (_, i) => `${all.pixels.subarray(3 * i, 3 * i + 3)}`))).toEqual(
      new Set([`${meanColour(picture)}`]),
    );
  });

  it.each([
    [{ top: 6, left: 0, height: 3, width: 1 }, 'top 6, left 0, height 3, width 1'],
    [{ top: 0, left: 0, height: 0, width: 4 }, 'top 0, left 0, height 0, width 4'],
    [{ top: -1, left: 0, height: 2, width: 4 }, 'top -1, left 0, height 2, width 4'],
    [{ top: 0, left: 0.5, height: 2, width: 4 }, 'top 0, left 0.5, height 2, width 4'],
  ])('refuses the region %j', (region, got) => {
    expect(() => occlude(picture, region)).toThrow(
      `occlude: expected a region with an area inside the picture (8 rows, 10 columns), got ${got}`,
    );
  });

  it('refuses a colour that is none', () => {
    expect(() => occlude(picture, { top: 0, left: 0, height: 1, width: 1 }, [0, 256, 0])).toThrow(
      'occlude: expected fill to be red, green, blue from 0 to 255, got [0, 256, 0]',
    );
  });
});

describe('rankings', () => {
  it('go from the most probable class to the least, of equals the lower number first', () => {
    expect(ranking(Float32Array.of(0.25, 0.5, 0.25))).toEqual([1, 0, 2]);
  });

  it('say how each class moved, in the new order', () => {
    const changes = rankChanges(Float32Array.of(0.5, 0.25, 0.125, 0.125), Float32Array.of(0.5, 0.0625, 0.1875, 0.25));
    expect(changes).toEqual([
      { class: 0, rankBefore: 1, rankAfter: 1, before: 0.5, after: 0.5 },
      { class: 3, rankBefore: 4, rankAfter: 2, before: 0.125, after: 0.25 },
      { class: 2, rankBefore: 3, rankAfter: 3, before: 0.125, after: 0.1875 },
      { class: 1, rankBefore: 2, rankAfter: 4, before: 0.25, after: 0.0625 },
    ]);
  });
});
