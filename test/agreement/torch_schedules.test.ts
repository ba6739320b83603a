// Schedules against PyTorch's, which compute in doubles as we do, in another order (torch_schedules.py).

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { scheduleFrom } from '../../lib/index.js';

const [, ...samples] = readFileSync(new URL('./fixtures/torch_schedules.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { words: string; rates: number[] });

it.each(samples.map(({ words, rates }) => [words, rates] as const))('%s', (words, rates) => {
  const schedule = scheduleFrom(words);
  rates.forEach((rate, step) => {
    expect(Math.abs(schedule.rate(step) - rate)).toBeLessThanOrEqual(1e-12 * Math.max(...rates));
  });
  expect(new Set(rates).size).toBeGreaterThan(2);
});
