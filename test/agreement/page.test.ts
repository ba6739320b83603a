// docs/keras.md is what page.ts makes of the comparisons of today; `npm run docs:keras` writes it.

import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, layers, losses, metrics, optimizers } from '../../lib/index.js';
import { kerasPage, madeBy, withoutJudge } from './page.js';

const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());
const page = kerasPage(runtime);

it('is the page of the repository', async () => {
  await expect(page).toMatchFileSnapshot('../../docs/keras.md');
});

describe('has a figure', () => {
  const rows = page.split('\n').filter((line) => /\| (?:0|\d\.\de-?\d+) \|$/.test(line));
  const all = [layers, losses, metrics, optimizers].flatMap((room) => [...madeBy(room)]);

  const without = new Set([...withoutJudge, 'InputLayer']);

  it.each(all.filter(([className]) => !without.has(className)))('for %s', (className) => {
    expect(rows.filter((line) => line.startsWith(`| ${className} |`)).length).toBeGreaterThan(0);
  });

  it('of rounding, in every row', () => {
    const figures = rows.map((line) => Number(line.split('|').at(-2)));
    expect(figures.length).toBeGreaterThan(all.length - without.size);
    expect(Math.max(...figures)).toBeLessThan(2e-5);
  });
});
