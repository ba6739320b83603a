/** How metrics are made: their name in logs is an option. */
import { type ClassSpec, type Config, configOf, type Maker, maker, snakeCase } from '../classes/index.js';
import { ArgumentError, checkOptions, show } from '../errors/index.js';
import type { Metric, Tally } from './loss.js';

/** What every metric takes. */
export interface MetricOptions {
  /** Name in logs. Default: the function's own name. */
  name?: string;
}

const wordOf = (className: string) => `${className[0]!.toLowerCase()}${className.slice(1)}`;

/** The description of a metric. A name that nobody chose is spelled as Keras does. */
export const metricSpec = (className: string, fixed: Config = {}): ClassSpec => ({
  className,
  module: 'keras.metrics',
  options: ['name'],
  fixed: { dtype: 'float32', ...fixed },
  read: { name: (name) => (name === snakeCase(className).slice(1) ? wordOf(className) : name) },
});

/** What makes metrics of a class that count like this. */
export function metricMaker(
  spec: ClassSpec,
  tally: (prediction: Float32Array, target: Float32Array, width: number) => Tally,
): Maker<(options?: MetricOptions) => Metric> {
  const word = wordOf(spec.className);
  return maker(spec, (options: MetricOptions = {}): Metric => {
    checkOptions(word, options, spec.options);
    const { name = word } = options;
    if (typeof name !== 'string' || name === '') {
      throw new ArgumentError({ who: word, expected: 'name to be a text', got: show(name) });
    }
    const told = name === word ? snakeCase(spec.className).slice(1) : name;
    const about = { spec, className: spec.className, getConfig: () => configOf(spec, { name: told }) };
    return { ...about, name, tally };
  });
}
