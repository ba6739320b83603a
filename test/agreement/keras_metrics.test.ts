// What metrics come to, held against Keras's own values (keras_metrics.py), with and without weights of samples; and Keras's
// configs of them, read.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { metricConfig, metricFrom, metrics } from '../../lib/index.js';

interface Row {
  word: keyof typeof metrics & ('auc' | 'precision');
  options: Record<string, unknown>;
  classes: number;
  weights: number[] | null;
  prediction: number[];
  target: number[];
  class: string;
  config: Record<string, never>;
  value: number | number[];
}

const { keras, rows } = JSON.parse(readFileSync(new URL('fixtures/keras_metrics.json', import.meta.url), 'utf8')) as {
  keras: string;
  rows: Row[];
};
const optionsOf = ({ options }: Row) => JSON.stringify(options);
const named = rows.map((row, i) => ({ ...row, i, said: optionsOf(row), weighted: row.weights !== null }));
/** What sums of float32 leave. */
const digits = 5;

describe(`Keras ${keras}`, () => {
  it.each(named)('$i: $word $said, weights $weighted', (row) => {
    const { word, options, classes, weights, prediction, target, value } = row;
    const made = metrics[word](options as never);
    const given = { prediction, target, classes, ...(weights && { sampleWeight: weights }) };
    const found = [metrics.measure(made, given)].flat();
    const expected = [value].flat();
    expect(found.length).toBe(expected.length);
    expected.forEach((one, i) => {
      expect(found[i]).toBeCloseTo(one, digits);
    });
    const read = metricFrom({ class_name: row.class, config: row.config }, classes);
    expect(metrics.measure(read, given)).toEqual(metrics.measure(made, given));
    const told = metricConfig(made);
    expect(told.class_name).toBe(row.class);
    for (const [name, kept] of Object.entries(row.config)) {
      if (['num_thresholds', 'sparse_y_true', 'label_weights'].includes(name)) continue;
      expect([name, told.config[name]]).toEqual([name, kept]);
    }
  });

  it('tells metrics apart by these rows: each word, and values that are not all alike', () => {
    expect(new Set(rows.map(({ word }) => word)).size).toBe(14);
    expect(new Set(rows.map(({ value }) => String(value))).size).toBeGreaterThan(60);
  });
});
