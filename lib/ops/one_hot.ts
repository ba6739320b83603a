/** one_hot: numbers of classes as rows with a single 1. */
import { checkOptions, integerOption } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { output } from './kernel.js';
import { placesOf } from './places.js';

/** What `oneHot` takes. */
export interface OneHotOptions {
  /** How many classes there are: the length of the new last axis. */
  classes: number;
}

/**
 * Numbers of classes [...], as int32, as float32 rows [..., classes] with a 1 at the class and 0 elsewhere. It has no gradient. Throws
 * DtypeError unless labels are int32, ArgumentError for bad `classes` and for the first label that is no class.
 * Example: `oneHot(labels, { classes: 10 })`.
 */
export function oneHot(labels: Tensor, options: OneHotOptions): Tensor {
  checkOptions('oneHot', options, ['classes']);
  const classes = integerOption('oneHot', 'classes', options.classes, 1);
  const { places, shape } = placesOf('oneHot', 'labels', labels, { length: classes });
  const y = output(labels, [...shape, classes]);
  const rows = new Float32Array(y.size);
  for (const [row, place] of places.entries()) rows[row * classes + place] = 1;
  y.write(rows);
  return y;
}
