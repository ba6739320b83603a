// Metrics against Keras's own values (keras_metrics.py), with and without weights of samples.

import { readFileSync } from 'node:fs';
import { metrics } from '../../../lib/index.js';
import type { Compared } from './compared.js';

export interface MetricRow {
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

const kept = JSON.parse(readFileSync(new URL('../fixtures/keras_metrics.json', import.meta.url), 'utf8')) as {
  keras: string;
  rows: MetricRow[];
};
export const metricRows = kept.rows;

/** What a metric judges. */
export const judgedIn = ({ prediction, target, classes, weights }: MetricRow) => ({
  ...{ prediction, target, classes },
  ...(weights && { sampleWeight: weights }),
});

export const metricsCompared = (): Compared[] =>
  metricRows.map((row, i) => ({
    part: row.class,
    title: `${i}: ${row.word} ${JSON.stringify(row.options)}, weights ${row.weights !== null}`,
    judge: `Keras ${kept.keras}`,
    pairs: () => {
      const got = [metrics.measure(metrics[row.word](row.options as never), judgedIn(row))].flat() as number[];
      // What sums of float32 leave.
      return [{ label: 'value', got, theirs: [row.value].flat(), tolerance: 1e-5 }];
    },
  }));
