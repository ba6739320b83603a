// The report in a real browser: Chromium opens its pages from files, at the width of a desk and of a phone, light and
// dark. Where there is no Chromium the tests are skipped, and their names say so.

/// <reference lib="dom" />
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeResultReport } from '../../lib/reports/index.js';
import { picture } from '../data/pictures.js';
import { sampleResult } from '../support/result.js';

const places = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = places.find((path) => path !== undefined && existsSync(path));
const why = executablePath === undefined ? ' (skipped: no chromium; Debian: apt-get install chromium)' : '';

const pages = ['report', 'divergence', 'explanations', 'statistics', 'price'];
const looks = [1280, 390].flatMap((width) => (['light', 'dark'] as const).map((scheme) => ({ width, scheme })));

describe.skipIf(executablePath === undefined)(`the report in Chromium${why}`, () => {
  let folder: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'samebits-browser-'));
    const shape = { epochs: 4, runs: 3, explained: true, threadCounts: [1], kept: [1, 2, 3, 5, 8] };
    const results = ['keras_convnet', 'mini_xception'].map((model) => sampleResult({ ...shape, model }));
    for (const { explained } of results) {
      for (const { picture: whole, overlays } of explained!.pictures) {
        for (const path of [whole, ...overlays]) {
          mkdirSync(dirname(join(folder, path)), { recursive: true });
          await picture(3, 180, 180).toFile(join(folder, path));
        }
      }
    }
    await writeResultReport(
      results.map((result) => ({ result, folder: '' })),
      folder,
    );
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(looks)('says no error and cuts nothing off at $width pixels, $scheme', async ({ width, scheme }) => {
    const page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme: scheme });
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('requestfailed', (request) => said.push(request.url()));
    for (const name of pages) {
      await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
      const found = await page.evaluate(async () => {
        for (const image of document.images) {
          image.loading = 'eager';
          await image.decode();
        }
        const wide = [...document.querySelectorAll('body *')].filter((element) => {
          if (element.closest('.scroll') !== null || element.closest('svg') !== null) return false;
          const { left, right } = element.getBoundingClientRect();
          return left < -1 || right > innerWidth + 1;
        });
        return {
          wider: document.documentElement.scrollWidth - innerWidth,
          wide: wide.map((element) => element.outerHTML.slice(0, 80)),
          background: getComputedStyle(document.body).backgroundColor,
        };
      });
      expect(found).toEqual({
        wider: 0,
        wide: [],
        background: scheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(22, 24, 27)',
      });
    }
    expect(said).toEqual([]);
    await page.close();
  });

  it('is walked through by its links', async () => {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(join(folder, 'report.html')).href);
    for (const name of ['Divergence', 'Explanations', 'Statistics', 'Price']) {
      await page.getByRole('link', { name }).click();
      expect(await page.locator('h1').textContent()).toBe(name);
    }
    await page.close();
  });

  it('would see a page that is too wide, and an error', async () => {
    const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    const said: string[] = [];
    page.on('pageerror', (error) => said.push(error.message));
    await page.setContent(
      '<body><div style="width: 900px">wide</div><script>throw new Error("broken")</script></body>',
    );
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeGreaterThan(0);
    expect(said).toEqual(['broken']);
    await page.close();
  });
});
