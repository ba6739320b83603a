// What metrics come to, held against Keras's own values (keras_metrics.py), with and without weights of samples; and Keras's
// configs of them, read.

import { describe, expect, it } from 'vitest';
import { metricConfig, metricFrom, metrics } from '../../lib/index.js';
import { expectClose } from '../support/bits.js';
import { judgedIn, metricsCompared, metricRows as rows } from './compared/index.js';

describe('Keras', () => {
  it.each(metricsCompared().map((one, i) => ({ ...one, row: rows[i]! })))('$title', ({ pairs, row }) => {
    for (const { label, got, theirs, tolerance } of pairs()) expectClose(label, got, theirs, tolerance);
    const { word, options, classes } = row;
    const made = metrics[word](options as never);
    const given = judgedIn(row);
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
