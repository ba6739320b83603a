// The colour map and the overlay against exact integer arithmetic, and the PNG files they become.

import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { jet } from '../../lib/explain/index.js';
import { colourHeat, encodePng, overlay } from '../../lib/index.js';
import { rgbBytes } from '../data/pictures.js';
import { uniforms } from '../support/inputs.js';

/** Corners of matplotlib's jet in thousandths. */
const corners: Record<string, [number, number][]> = {
  red: [[0, 0], [350, 0], [660, 1000], [890, 1000], [1000, 500]], // biome-ignore format: one line
  green: [[0, 0], [125, 0], [375, 1000], [640, 1000], [910, 0], [1000, 0]], // biome-ignore format: one line
  blue: [[0, 500], [110, 1000], [340, 1000], [650, 0], [1000, 0]], // biome-ignore format: one line
};

/** floor(255 * y + 1/2) at step / 255, in whole numbers. */
function exactJet(line: [number, number][], step: number): number {
  const right = Math.max(
    1,
    line.findIndex(([place]) => place * 255 >= step * 1000),
  );
  const [[x0, y0], [x1, y1]] = [line[right - 1]!, line[right]!];
  // y = (y0 + (y1 - y0) * (1000 step / 255 - x0) / (x1 - x0)) / 1000
  const below = BigInt(1000 * 255 * (x1 - x0));
  const above = BigInt(255 * (x1 - x0) * y0 + (y1 - y0) * (1000 * step - 255 * x0));
  return Number((2n * 255n * above + below) / (2n * below));
}

describe('jet', () => {
  it('is the exact value rounded, in all 256 steps', () => {
    const want = Array.from({ length: 256 }, (_, step) => Object.values(corners).map((line) => exactJet(line, step)));
    expect([...jet]).toEqual(want.flat());
  });

  it('goes from dark blue over blue and green to dark red', () => {
    const at = (step: number) => [...jet.subarray(3 * step, 3 * step + 3)];
    // What matplotlib answers to jet(0), jet(30), jet(128) and jet(255), in bytes: 0.490196 and 0.477546 in the middle.
    expect([0, 30, 128, 255].map(at)).toEqual([
      [0, 0, 128],
      [0, 0, 255],
      [125, 255, 122],
      [128, 0, 0],
    ]);
  });

  it('colours a value by floor(255 * value), what lies outside 0 to 1 by the ends', () => {
    const values = Float32Array.of(0, 0.5, 1, -0.25, 1.5);
    const { pixels } = colourHeat({ height: 1, width: 5, values });
    const steps = [0, 127, 255, 0, 255];
    expect([...pixels]).toEqual(steps.flatMap((step) => [...jet.subarray(3 * step, 3 * step + 3)]));
  });
});

describe('overlay', () => {
  const size = { height: 9, width: 11 };
  const picture = { ...size, pixels: rgbBytes(9, 11, 5) };
  const heat = { ...size, values: uniforms(3, 0, 99) };

  it('is floor(255 * (v - min) / (max - min)) of v = 2 * colour + 5 * picture', () => {
    const colours = colourHeat(heat).pixels;
    const mixed = [...picture.pixels].map((value, i) => BigInt(5 * value + 2 * colours[i]!));
    const sorted = [...mixed].sort((a, b) => Number(a - b));
    const [low, high] = [sorted[0]!, sorted.at(-1)!];
    const want = mixed.map((value) => Number((255n * (value - low)) / (high - low)));
    expect([...overlay(picture, heat).pixels]).toEqual(want);
    expect([Math.min(...want), Math.max(...want)]).toEqual([0, 255]);
  });

  it('is black where all values are equal', () => {
    // At 0.12 the colour is (0, 0, 255), and 2 * 255 = 5 * 102.
    const values = new Float32Array(99).fill(0.12);
    const pixels = Uint8Array.from({ length: 297 }, (_, i) => [102, 102, 0][i % 3]!);
    expect(overlay({ ...size, pixels }, { ...size, values }).pixels).toEqual(new Uint8Array(297));
  });

  it('refuses heat of another size', () => {
    expect(() => overlay(picture, { height: 9, width: 10, values: new Float32Array(90) })).toThrow(
      'overlay: expected heat [9, 11], the size of the picture, got [9, 10]',
    );
  });
});

describe('encodePng', () => {
  const picture = { height: 13, width: 17, pixels: rgbBytes(13, 17, 2) };

  it('gives the same bytes twice, and the pixels back', async () => {
    const bytes = await encodePng(picture);
    expect(await encodePng({ ...picture, pixels: Uint8Array.from(picture.pixels) })).toEqual(bytes);
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ height: 13, width: 17, channels: 3 });
    expect(Uint8Array.from(data)).toEqual(picture.pixels);
  });

  it('gives other bytes for one value more', async () => {
    const pixels = picture.pixels.map((value, i) => (i === 100 ? value ^ 1 : value));
    expect(await encodePng({ ...picture, pixels })).not.toEqual(await encodePng(picture));
  });
});
