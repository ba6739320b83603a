import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '../../../lib/experiments/index.js';
import { reportOf } from '../../../lib/reports/index.js';
import { sampleResult } from '../../support/result.js';

const pagesOf = async (...results: Result[]) =>
  (await reportOf(results.map((result, i) => ({ result, folder: i === 0 ? '' : `model ${i}` })))).pages;
/** All pages of one result, one after the other. */
const reportPage = async (result: Result) => [...(await pagesOf(result)).values()].join('\n');

const pictures = (page: string) => page.match(/<svg[\s\S]*?<\/svg>/g) ?? [];

describe('the report page', () => {
  let result: Result;
  let page: string;
  beforeAll(async () => {
    result = sampleResult({ epochs: 4, runs: 3, explained: true, threadCounts: [1], kept: [1, 2, 3, 5, 8] });
    page = await reportPage(result);
  });

  it('needs nothing from outside: no script, link or import, and no address but names in its folder', () => {
    expect(page).not.toMatch(/<script|<link|<iframe|@import|https?:|url\((?!#)/i);
    const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address!);
    expect(new Set(addresses.map((address) => address.split('/')[0]))).toEqual(
      new Set([
        ...['report.html', 'divergence.html', 'explanations.html', 'statistics.html', 'price.html'],
        ...['explanations', 'figures', 'tables'],
      ]),
    );
  });

  it('names the files of each figure and table beside it, and says what a mark shows where it is hovered over', async () => {
    const { book, pages } = await reportOf([{ result, folder: '' }]);
    const whole = [...pages.values()].join('\n');
    const named = (ending: string) =>
      [...whole.matchAll(new RegExp(`href="\\w+/([^"/]+)\\.${ending}"`, 'g'))].map(([, name]) => name);
    for (const kind of ['svg', 'png', 'pdf']) expect(named(kind)).toEqual([...book.figures.keys()]);
    for (const kind of ['csv', 'tex', 'json']) {
      expect(named(kind).length).toBeGreaterThan(5);
      expect(named(kind).every((name) => book.tables.has(name!))).toBe(true);
    }
    const titles = [...whole.matchAll(/<title>([^<]*)<\/title><\/path>/g)].map(([, title]) => title!);
    expect(titles.length).toBeGreaterThan(50);
    expect(titles.some((title) => /^epoch: 2; loss: [\d.]+/.test(title))).toBe(true);
    expect(titles.every((title) => /^[^:]+: \S/.test(title))).toBe(true);
  });

  it('has all its sections', async () => {
    const headings = [...(await pagesOf(result))].map(([file, text]) => [
      file,
      ...[...text.matchAll(/<h[12][^>]*>([^<]*)</g)].map(([, heading]) => heading),
    ]);
    expect(headings).toEqual([
      [
        ...[
          'report.html',
          'keras_convnet: 3 runs in each mode',
          'cpu/avx2/deterministic',
          'cpu/avx2/atomic',
          'Training',
        ],
        ...['What was run, and on what', 'How to run it again', 'Files beside these pages'],
      ],
      ['divergence.html', 'Divergence'],
      ['explanations.html', 'Explanations'],
      ['statistics.html', 'Statistics'],
      ['price.html', 'Price'],
    ]);
  });

  it('says the verdict on each mode in words', () => {
    expect(page).toContain('1 bit pattern<');
    expect(page).toContain('All 3 runs ended in the same 991,041 weights and the same predictions, bit for bit.');
    expect(page).toContain('3 bit patterns<');
    expect(page).toContain('3 runs ended in 3 different sets of 991,041 weights, apart since epoch 2;');
    expect(page).toContain('A deterministic training step took 1.017 times as long as an atomic one');
  });

  it('says where runs part and how fast, step by step, and that deterministic ones do not', () => {
    expect(page).toContain('At all 5 steps compared, the last of them step 8, the distance is 0.');
    expect(page).toContain('The runs are apart after step 2 (after step 1 they were still the same).');
    expect(page).toContain(
      'From step 2 to 8 the mean l2 distance changes by a factor of 10.000 a step (growth rate 2.303 per step in natural logarithms, 95 % interval 2.303 ' +
        'to 2.303; 100.0 % of the variance explained). It grows fastest from step 2 to 3: by a factor of 10.00 a step.',
    );
    const charts = pictures(page).filter((svg) => svg.includes('over the training steps'));
    expect(charts).toHaveLength(2);
    expect(charts[0]).toContain('>apart after step 2</text>');
    for (const step of [1, 2, 5, 8]) expect(charts[0]).toContain(`>${step}</text>`);
  });

  it('holds every run\u2019s whole hash', () => {
    for (const { runs } of Object.values(result.targets)) {
      for (const run of runs) expect(page).toContain(`title="${run.weightsHash}"`);
    }
  });

  it('says how to run it again, with every setting', () => {
    expect(page).toContain(
      'npx samebits compare --model keras_convnet --data synthetic --image-size 180 --epochs 4 --batch-size 32 ' +
        '--seed 1001 --device cpu --isa auto --threads 2 --damaged refuse --modes deterministic,atomic --runs 3',
    );
  });

  it('draws pictures that a strict reader accepts, each with a name of its own for what it cuts out', async () => {
    const svgs = pictures(page);
    expect(svgs.length).toBeGreaterThan(12);
    for (const svg of svgs) {
      const { width, height } = await sharp(
        Buffer.from(svg.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"')),
      ).metadata();
      expect(width * height).toBeGreaterThan(0);
    }
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of page.matchAll(/url\(#([^)]*)\)/g)) expect(ids).toContain(id);
  });

  it('names every picture that is not ornament for those who cannot see it', () => {
    for (const svg of pictures(page))
      expect(svg).toMatch(/^<svg (role="img" aria-label="[^"]+"|[^>]*aria-hidden="true")/);
  });

  it('gives every figure a caption, and every picture a text', () => {
    const figures = page.match(/<figure[\s\S]*?<\/figure>/g)!;
    expect(figures.length).toBeGreaterThan(20);
    for (const figure of figures) expect(figure).toMatch(/<figcaption>[^<]{10,}<(?:\/figcaption|span class="files")>/);
    for (const [image] of page.matchAll(/<img[^>]*>/g)) expect(image).toMatch(/ alt="[^"]{10,}"/);
  });

  it('puts the figures and tables of two networks under their names', async () => {
    const other = sampleResult({ epochs: 4, runs: 3, model: 'mini_xception', explained: true });
    const both = await pagesOf(result, other);
    for (const text of both.values()) {
      const names = [...text.matchAll(/<h2 class="model">([^<]*)</g)].map(([, name]) => name);
      expect(names).toEqual(['keras_convnet', 'mini_xception']);
    }
    expect(both.get('report.html')).toContain('<h1>keras_convnet and mini_xception: 3 runs in each mode</h1>');
    expect(both.get('explanations.html')).toContain('src="model%201/explanations/picture-01.png"');
  });

  it('takes every colour of a picture from the page, so that dark mode and paper have their own, or from a map of numbers', () => {
    for (const svg of pictures(page)) {
      const colors = [...svg.matchAll(/(?:fill|stroke)="([^"]*)"/g)].map(([, color]) => color!);
      for (const color of colors)
        expect(color).toMatch(
          /^(none|transparent|currentColor|var\(--[a-z-]+, #[0-9a-f]+\)|rgb\(\d+, \d+, \d+\)|url\(#[\w-]+\)|#000000|#ffffff)$/,
        );
    }
  });

  it('is the same text for the same Result', async () => {
    expect(await reportPage(result)).toBe(page);
  });

  it('shows names as they are, whatever is in them', async () => {
    const model = `<script>alert("1")</script>&'`;
    const hostile = await reportPage({ ...result, definition: { ...result.definition, model } });
    expect(hostile).not.toContain('<script');
    expect(hostile).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;');
  });
});

describe('the report page of unusual results', () => {
  it('does without a price and a validation where there is none', async () => {
    const page = await reportPage(sampleResult({ epochs: 1, runs: 2, modes: ['deterministic'], validated: false }));
    expect(page).toContain('Only one mode was run');
    expect(page).toContain('Both runs ended in the same 991,041 weights, bit for bit.');
    expect(page).not.toContain('Validation loss');
  });

  it('says so when deterministic runs differ, and gives no hash to expect', async () => {
    const broken = sampleResult({ epochs: 3, runs: 2 });
    const atomic = broken.targets['cpu/avx2/atomic']!;
    broken.targets['cpu/avx2/deterministic'] = { ...atomic, mode: 'deterministic' };
    const page = await reportPage(broken);
    expect(page.match(/2 bit patterns</g)).toHaveLength(2);
    expect(page).not.toContain('On any machine this prints');
  });

  it('leaves the numbers out of a heat map that has no room for them', async () => {
    const layers = Array.from({ length: 60 }, (_, index) => `block${index}`);
    const page = await reportPage(sampleResult({ epochs: 20, runs: 2, layers }));
    expect(page).toContain('block59');
  });

  it.each([2, 3, 5, 7])('names every epoch on the axes of %i epochs', async (epochs) => {
    const page = await reportPage(sampleResult({ epochs, runs: 2 }));
    const curves = pictures(page).filter((svg) => svg.includes('of every run over the epochs'));
    expect(curves).toHaveLength(4);
    for (const svg of curves) {
      for (let epoch = 1; epoch <= epochs; epoch += 1) expect(svg).toContain(`>${epoch}</text>`);
    }
  });

  it('draws gaps where a loss is not a number', async () => {
    const result = sampleResult({ epochs: 3, runs: 2 });
    for (const { runs } of Object.values(result.targets)) for (const run of runs) run.epochs[2]!.loss = null;
    expect(await reportPage(result)).toContain('Training loss');
  });
});
