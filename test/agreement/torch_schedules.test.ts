// Schedules against PyTorch's, which compute in doubles as we do, in another order (torch_schedules.py).

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { scheduleFrom } from '../../lib/index.js';

const [, ...samples] = readFileSync(new URL('./fixtures/torch_schedules.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { words: string; rates: number[] });

it('has a rate for every step where the way up is of one step or of none', () => {
  for (const pctStart of [0, 0.25, 1]) {
    const schedule = scheduleFrom(`oneCycle:maxLearningRate=0.5,totalSteps=4,pctStart=${pctStart}`);
    for (let step = 0; step < 6; step++) expect(schedule.rate(step)).toBeGreaterThanOrEqual(0);
  }
});

it.each(samples.map(({ words, rates }) => [words, rates] as const))('%s', (words, rates) => {
  const schedule = scheduleFrom(words);
  rates.forEach((rate, step) => {
    expect(Math.abs(schedule.rate(step) - rate)).toBeLessThanOrEqual(1e-12 * Math.max(...rates));
  });
  expect(new Set(rates).size).toBeGreaterThan(2);
});
