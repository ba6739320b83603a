// Figures as PDF: a file whose table of objects is right, with fonts of the glyphs that are used, text that can be read back, and shapes
// where the SVG has them. Controls: what the writer does not know is an error; another figure is another file.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { figurePdf } from '../../../lib/reports/files/pdf/figure.js';
import { pathOperators } from '../../../lib/reports/files/pdf/path.js';
import { TrueType } from '../../../lib/reports/files/pdf/truetype.js';

const require = createRequire(import.meta.url);
const font = (name: string) => new TrueType(readFileSync(require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)));
const [normal, bold] = [font('DejaVuSans'), font('DejaVuSans-Bold')];
const pdf = (inner: string) =>
  figurePdf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50">${inner}</svg>`, {
    title: 'Loss \u2212 1',
    normal,
    bold,
  });

/** The objects of a file, each found where its table says, streams unpacked. */
function objectsOf(bytes: Buffer): { text: string; stream: Buffer | undefined }[] {
  const whole = bytes.toString('latin1');
  const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(whole)![1]);
  const [, count, rows] = /^xref\n0 (\d+)\n([\s\S]*?)trailer/.exec(whole.slice(table))!;
  const places = rows!
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => Number(row.split(' ')[0]));
  expect(places).toHaveLength(Number(count) - 1);
  return places.map((place, i) => {
    const [head] = /^\d+ 0 obj\n/.exec(whole.slice(place))!;
    expect(head).toBe(`${i + 1} 0 obj\n`);
    const text = whole.slice(place + head.length, whole.indexOf('\nendobj', place));
    const [, dictionary, length] = /^(<< \/Length (\d+) .*>>)\nstream\n/.exec(text) ?? [];
    if (dictionary === undefined) return { text, stream: undefined };
    const begin = place + head.length + dictionary.length + 8;
    return { text: dictionary, stream: inflateSync(bytes.subarray(begin, begin + Number(length))) };
  });
}

const contentOf = (bytes: Buffer) => objectsOf(bytes)[0]!.stream!.toString();

/** What a reader finds of text: glyphs, through the table that says their characters. */
function textsOf(bytes: Buffer): string[] {
  const objects = objectsOf(bytes);
  const maps = objects.flatMap(({ stream }) => {
    const text = stream?.toString('latin1') ?? '';
    return text.includes('beginbfchar')
      ? [new Map([...text.matchAll(/<(\w{4})> <(\w+)>/g)].map(([, a, b]) => [a!, b!]))]
      : [];
  });
  return [...contentOf(bytes).matchAll(/\/(DejaVuSans(?:-Bold)?) .*<([0-9a-f]*)> Tj/g)].map(([, name, glyphs]) => {
    const map = maps[name === 'DejaVuSans' || maps.length === 1 ? 0 : 1]!;
    return (glyphs!.match(/.{4}/g) ?? [])
      .map((glyph) => Buffer.from(map.get(glyph)!, 'hex').swap16().toString('utf16le'))
      .join('');
  });
}

describe('a figure as PDF', () => {
  it('has objects where its table says, one page of the size of the figure, and a title', () => {
    const objects = objectsOf(pdf('<rect width="100%" height="100%" fill="#ffffff"/>'));
    const pages = objects.filter(({ text }) => text.includes('/Type /Page '));
    expect(pages).toHaveLength(1);
    expect(pages[0]!.text).toContain('/MediaBox [0 0 100 50]');
    expect(objects.at(-1)!.text).toContain('/Title <feff004c006f007300730020221200200031>');
    expect(pdf('<g/>').equals(pdf('<g/>'))).toBe(true);
    expect(pdf('<g/>').equals(pdf('<g></g><rect width="1" height="1"/>'))).toBe(false);
  });

  it('draws shapes with their colours, lines, dashes and opacity, moved as they are', () => {
    const shapes = [
      '<g fill="none" transform="translate(5,6)"><path d="M0,0h10v5h-10Z" fill="#ff0000" fill-opacity="0.5" opacity="0.5"/>',
      '<line transform="rotate(90)" x2="8" y2="0" stroke="#0000ff" stroke-width="2" stroke-dasharray="4,2"/></g>',
    ];
    expect(contentOf(pdf(shapes.join(''))).split('\n')).toEqual([
      ...['1 0 0 -1 0 50 cm', 'q', '1 0 0 1 5 6 cm', 'q', '/G0 gs', '1 0 0 rg'],
      ...['0 0 m', '10 0 l', '10 5 l', '0 5 l', 'h', 'f', 'Q'],
      ...['q', '0 1 -1 0 0 0 cm', '0 0 1 RG', '2 w', '4 M', '0 J 0 j', '[4 2] 0 d', '0 0 m', '8 0 l', 'S', 'Q', 'Q'],
    ]);
    expect(objectsOf(pdf(shapes.join(''))).some(({ text }) => text.includes('/G0 << /ca 0.25 /CA 0.5 >>'))).toBe(true);
  });

  it('has text as text: its characters, its place by its width, and bold', () => {
    const words =
      '<text text-anchor="end" transform="translate(50,20)" font-size="10px" fill="#222222">a &lt; \u03b7\u00b2 \u2212 1</text>';
    const file = pdf(`<g fill="none">${words}<text font-size="10px" font-weight="bold" fill="black">Loss</text></g>`);
    expect(textsOf(file)).toEqual(['a < \u03b7\u00b2 \u2212 1', 'Loss']);
    const widths = Array.from('a < \u03b7\u00b2 \u2212 1', (one) =>
      normal.widthOf(normal.glyphOf(one.codePointAt(0)!)),
    );
    const left = Number(/1 0 0 -1 (-?[\d.]+) 0 Tm/.exec(contentOf(file))![1]);
    expect(left).toBeCloseTo(-widths.reduce((a, b) => a + b, 0) / 100, 3);
    expect(contentOf(file)).toContain('/DejaVuSans-Bold 10 Tf');
  });

  it('cuts out what a clip path says, and leaves out what is not shown', () => {
    const clipped =
      '<defs><clipPath id="c0"><rect x="1" y="2" width="3" height="4"/></clipPath></defs><g clip-path="url(#c0)"><path d="M0,0L9,9" stroke="#000"/></g>';
    expect(contentOf(pdf(clipped))).toContain('q\n1 2 3 4 re\nW n\nq\n');
    const hidden =
      '<g display="none"><text font-size="10px">no</text></g><path d="M0,0L1,1" display="none" stroke="#000"/>';
    expect(contentOf(pdf(hidden))).toBe('1 0 0 -1 0 50 cm');
  });

  it.each([
    ['<image width="1" height="1"/>', 'a figure has <image>'],
    ['<path d="M0,0Q1,1,2,2" stroke="#000"/>', 'a figure has a path with Q1,1,2,2'],
    ['<path d="M0,0" fill="url(#gradient)"/>', 'a figure has the colour url(#gradient)'],
    ['<g transform="skewX(3)"/>', 'a figure has the transform skewX(3)'],
    ['<g filter="url(#f)"/>', 'a figure has filter="url(#f)"'],
  ])('says what it does not know: %s', (inner, message) => {
    expect(() => pdf(inner)).toThrow(message);
  });
});

describe('arcs', () => {
  it('become curves that lie on their circle', () => {
    const operators = pathOperators('M5,0A5,5,0,1,1,-5,0A5,5,0,1,1,5,0');
    const curves = operators.filter((one) => one.endsWith('c')).map((one) => one.split(' ').slice(0, 6).map(Number));
    expect(curves).toHaveLength(4);
    let [x, y] = [5, 0];
    for (const [a, b, c, d, endX, endY] of curves) {
      for (const t of [0.25, 0.5, 0.75, 1]) {
        const at = (p: number, q: number, r: number, s: number) =>
          (1 - t) ** 3 * p + 3 * t * (1 - t) ** 2 * q + 3 * t * t * (1 - t) * r + t ** 3 * s;
        expect(Math.hypot(at(x, a!, c!, endX!), at(y, b!, d!, endY!))).toBeCloseTo(5, 2);
      }
      [x, y] = [endX!, endY!];
    }
    expect([x, y]).toEqual([5, 0]);
  });
});

describe('a font', () => {
  it('has the same glyphs and widths with only some of them in it, and is small', () => {
    const glyphs = Array.from('\u00e4\u03b7A1', (one) => normal.glyphOf(one.codePointAt(0)!));
    const file = normal.subset(glyphs);
    expect(file.length).toBeLessThan(80_000);
    // It has no map of characters; what it needs of one is its original's.
    expect(glyphs.every((glyph) => glyph > 0)).toBe(true);
    expect(new Set(glyphs).size).toBe(4);
    expect(normal.glyphOf(0x10ffff)).toBe(0);
  });
});
