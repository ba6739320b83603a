// Figures as PDF: one page of the figure's size, the same bytes every time and no date, embedded fonts whose text can be read back, and
// shapes where the SVG has them. Controls: what the drawing does not know is an error; another figure is another file.

import { createRequire } from 'node:module';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { figurePdf } from '../../../lib/reports/files/pdf/figure.js';

const require = createRequire(import.meta.url);
const font = (name: string) => require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);
const svg = (inner: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50">${inner}</svg>`;
const pdf = (inner: string, title = 'Loss \u2212 1 <a & b>') =>
  figurePdf(svg(inner), { title, normal: font('DejaVuSans'), bold: font('DejaVuSans-Bold') });

/** The objects of a file by their numbers, each found where its table says, streams unpacked. */
function objectsOf(bytes: Buffer): Map<number, { text: string; stream: string | undefined }> {
  const whole = bytes.toString('latin1');
  const [, table] = /startxref\n(\d+)\n%%EOF\n?$/.exec(whole)!;
  const [, rows] = /^xref\n0 \d+\n([\s\S]*?)trailer/.exec(whole.slice(Number(table)))!;
  const places = rows!.trim().split('\n').slice(1);
  return new Map(
    places.map((row, i) => {
      const place = Number(row.split(' ')[0]);
      expect(whole.slice(place)).toMatch(new RegExp(`^${i + 1} 0 obj\n`));
      const text = whole.slice(place, whole.indexOf('\nendobj', place));
      const begin = text.indexOf('stream\n') + 'stream\n'.length;
      const [, length] = /\/Length (\d+)/.exec(text.slice(0, begin)) ?? [];
      const at = place + begin;
      const packed = text.includes('/FlateDecode') && length !== undefined;
      const stream = packed ? inflateSync(bytes.subarray(at, at + Number(length))).toString('latin1') : undefined;
      return [i + 1, { text, stream }];
    }),
  );
}

/** What is drawn on the page, a word of it a line. */
async function drawn(inner: string): Promise<string[]> {
  const objects = objectsOf(await pdf(inner));
  const page = [...objects.values()].find(({ text }) => /\/Type \/Page\n/.test(text))!;
  const [, content] = /\/Contents (\d+) 0 R/.exec(page.text)!;
  return objects.get(Number(content))!.stream!.split('\n');
}

/** What a reader finds of text: glyphs, through the tables that say their characters. */
function textsOf(bytes: Buffer): string[] {
  const objects = [...objectsOf(bytes).values()];
  const maps = objects.flatMap(({ stream }) => {
    const [, ranges] = /beginbfrange\n<0000> <[0-9a-f]{4}> \[([^\]]*)\]/.exec(stream ?? '') ?? [];
    return ranges === undefined ? [] : [[...ranges.matchAll(/<([0-9a-f]*)>/g)].map(([, hex]) => hex!)];
  });
  const shown = objects.flatMap(({ stream }) => [...(stream ?? '').matchAll(/\/F(\d+) .*? Tf[\s\S]*?\[(.*?)\] TJ/g)]);
  return shown.map(([, number, pieces]) => {
    const map = maps[Number(number) - Math.min(...shown.map(([, one]) => Number(one)))]!;
    const glyphs = [...pieces!.matchAll(/<([0-9a-f]*)>/g)].flatMap(([, hex]) => hex!.match(/.{4}/g) ?? []);
    return glyphs
      .map((glyph) => Buffer.from(map[Number.parseInt(glyph, 16)]!, 'hex').swap16().toString('utf16le'))
      .join('');
  });
}

describe('a figure as PDF', () => {
  it('is one page of the size of the figure with its title, the same bytes every time, and has no date', async () => {
    const words = '<text font-size="10px" fill="#222222">Loss</text>';
    const [file, again, other] = [await pdf(words), await pdf(words), await pdf(words.replace('Loss', 'Lost'))];
    expect(file.equals(again)).toBe(true);
    expect(file.equals(other)).toBe(false);
    const objects = [...objectsOf(file).values()].map(({ text }) => text);
    expect(objects.filter((text) => /\/Type \/Page\n/.test(text))).toEqual([
      expect.stringContaining('/MediaBox [0 0 100 50]'),
    ]);
    expect(objects.filter((text) => text.includes('/Producer '))).toHaveLength(1);
    expect(file.toString('latin1')).not.toMatch(/CreationDate|ModDate|xmp:|\d{4}-\d\d-\d\d|D:\d{8}/);
  });

  it('draws shapes with their colours, lines, dashes and opacity, moved as they are', async () => {
    const shapes = [
      '<g fill="none" transform="translate(5,6)"><path d="M0,0h10v5h-10Z" fill="#ff0000" fill-opacity="0.5" opacity="0.5"/>',
      '<line transform="rotate(90)" x2="8" y2="0" stroke="#0000ff" stroke-width="2" stroke-dasharray="4,2"/></g>',
    ];
    const found = await drawn(shapes.join(''));
    const told = [
      '1 0 0 1 5 6 cm',
      '1 0 0 scn',
      '10 0 l',
      '10 5 l',
      'f',
      '0 0 1 SCN',
      '2 w',
      '[4 2] 0 d',
      '8 0 l',
      'S',
    ];
    const places = told.map((one) => found.indexOf(one));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    const states = [...objectsOf(await pdf(shapes.join(''))).values()].map(({ text }) => text);
    expect(states.some((text) => /\/ca 0\.25\b/.test(text))).toBe(true);
  });

  it('has text as text: its characters, normal and bold, and its end where it is said to end', async () => {
    const word = 'a < \u03b7\u00b2 \u2212 1';
    const end = `<text text-anchor="end" transform="translate(50,20)" font-size="10px">${word.replace('<', '&lt;')}</text>`;
    const file = await pdf(`${end}<text font-size="10px" font-weight="bold" fill="black">Loss</text>`);
    expect(textsOf(file)).toEqual([word, 'Loss']);
    expect(file.toString('latin1')).toMatch(/\/BaseFont \/[A-Z]{6}\+DejaVuSans\n[\s\S]*\+DejaVuSans-Bold\n/);
    const [from, middle] = [file, await pdf(end.replace('"end"', '"middle"'))].map((one) => {
      const stream = [...objectsOf(one).values()]
        .map(({ stream: text }) => text ?? '')
        .find((text) => text.includes(' Tm'));
      return Number(/1 0 0 1 (-?[\d.]+) -?[\d.]+ Tm/.exec(stream!)![1]);
    }) as [number, number];
    expect(from).toBeLessThan(-30);
    expect(middle).toBeCloseTo(from / 2, 3);
  });

  it('cuts out what a clip path says, and leaves out what is not shown or only said where it is hovered over', async () => {
    const clipped =
      '<defs><clipPath id="c0"><rect x="1" y="2" width="3" height="4"/></clipPath></defs><g clip-path="url(#c0)"><path d="M0,0L9,9" stroke="#000"/></g>';
    const found = await drawn(clipped);
    expect(found.slice(found.indexOf('1 2 m'), found.indexOf('W n') + 1)).toEqual([
      ...['1 2 m', '4 2 l', '4 6 l', '1 6 l', 'h', 'W n'],
    ]);
    const empty = await drawn('');
    for (const hidden of [
      '<g display="none"><text font-size="10px">no</text></g><path d="M0,0L1,1" display="none" stroke="#000"/>',
      '<path d="M0,0L1,1" opacity="0" stroke="#000"><title>loss: 1</title></path>',
    ])
      expect((await drawn(hidden)).filter((one) => !['q', 'Q'].includes(one))).toEqual(empty);
    expect(await drawn('<path d="M0,0L1,1" stroke="#000"><title>loss: 1</title></path>')).toEqual(
      await drawn('<path d="M0,0L1,1" stroke="#000"/>'),
    );
  });

  it('has the gradient of a colour bar', async () => {
    const stops = '<stop offset="0" stop-color="#440154"/><stop offset="1" stop-color="#fde725"/>';
    const bar = `<defs><linearGradient id="g" x1="0" x2="1" y1="0" y2="0">${stops}</linearGradient></defs>`;
    const objects = objectsOf(await pdf(`${bar}<path d="M10,5h40v8h-40Z" fill="url(#g)"/>`));
    const texts = [...objects.values()].map(({ text }) => text);
    expect(texts.some((text) => /\/ShadingType 2\n[\s\S]*\/Coords \[10 5 50 5\]/.test(text))).toBe(true);
  });

  it.each([
    ['<image width="1" height="1"/>', 'a figure has <image>'],
    ['<path d="M0,0h1v1h-1Z" fill="url(#gradient)"/>', 'a figure has the colour url(#gradient)'],
    ['<g transform="skewX(3)"/>', 'a figure has the transform skewX(3)'],
    ['<g filter="url(#f)"/>', 'a figure has filter="url(#f)"'],
  ])('says what it does not know: %s', async (inner, message) => {
    await expect(pdf(inner)).rejects.toThrow(message);
  });
});
