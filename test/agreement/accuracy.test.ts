// What `accuracy` is: as in Keras, decided by the last axis of the outputs and by nothing else, not by the loss, and not by
// whether a target is of one class or of several. Class and value of each row are Keras's (keras_accuracy.py).

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { metricConfig, metrics } from '../../lib/index.js';
import { metricOption } from '../../lib/metrics/index.js';

interface Row {
  loss: string;
  code: 'several' | 'one-hot';
  prediction: unknown[];
  target: unknown[];
  class: string;
  value: number;
}

const { rows } = JSON.parse(readFileSync(new URL('fixtures/keras_accuracy.json', import.meta.url), 'utf8')) as {
  rows: Row[];
};
const flat = (nested: unknown[]) => Float32Array.from((nested as number[]).flat(Number.POSITIVE_INFINITY) as number[]);
const shapeOf = (nested: unknown): number[] => (Array.isArray(nested) ? [nested.length, ...shapeOf(nested[0])] : []);

describe('accuracy', () => {
  it.each(rows.map((row) => ({ ...row, shape: shapeOf(row.prediction) })))(
    'behind $loss, outputs $shape, targets $code, is $class',
    ({ prediction, target, shape, value, ...row }) => {
      const width = shape.at(-1)!;
      const metric = metricOption('compile', 'accuracy', width);
      expect(metricConfig(metric)).toMatchObject({ class_name: row.class, config: { name: 'accuracy' } });
      const values = { prediction: flat(prediction), target: flat(target), classes: width, samples: shape[0]! };
      expect(metrics.measure(metric, values)).toBeCloseTo(value, 6);
    },
  );

  it('is told apart by the rows: both classes are there, and targets of several classes behind either loss', () => {
    expect(new Set(rows.map((row) => row.class))).toEqual(new Set(['BinaryAccuracy', 'CategoricalAccuracy']));
    const several = rows.filter(({ code, prediction }) => code === 'several' && shapeOf(prediction).at(-1)! > 1);
    expect(new Set(several.map(({ loss }) => loss)).size).toBe(2);
  });
});
