/** What a metric is: a state that begins, takes batches, merges and is read; and how those of this package are made. */
import {
  type ClassSpec,
  type Config,
  type Configurable,
  configOf,
  type Described,
  type Maker,
  type Meant,
  maker,
  snakeCase,
} from '../classes/index.js';
import { ArgumentError, checkOptions, show } from '../errors/index.js';
import type { OutputForm } from '../losses/index.js';

/** Outputs and targets of some samples, one sample after the other. */
export interface MetricBatch {
  readonly prediction: Float32Array;
  /** As many values as `prediction`, or one number of a class for each position, that is for every `width` outputs. */
  readonly target: ArrayLike<number>;
  /** How many samples there are. */
  readonly samples: number;
  /** Length of the last axis of an output: 1, or the number of classes. */
  readonly width: number;
  /** The weight of each sample. Default 1 each. */
  readonly weights?: ArrayLike<number> | undefined;
  /** The mean loss of each of several outputs; empty where there is one. */
  readonly losses?: readonly number[] | undefined;
}

/** What a metric comes to: a number, or one for each class, or a table of them. */
export type MetricResult = number | readonly MetricResult[];

/**
 * Judges outputs. Its state is plain data, so that a checkpoint can hold it, and is never changed: `update` and `merge` give a
 * new one. Batches are merged in the order of the steps. One that a config is to hold has `className` and `getConfig`, too.
 * docs/training.md makes one.
 */
export interface Metric<State = unknown> extends Partial<Configurable> {
  readonly name: string;
  /** The state before the first batch. */
  start(): State;
  /** The state with a batch more. */
  update(state: State, batch: MetricBatch): State;
  /** The state of the samples of `first` and then those of `second`. */
  merge(first: State, second: State): State;
  /** What the samples of a state come to. */
  result(state: State): MetricResult;
  /** Whether more of it is better, or less; callbacks that compare epochs ask for it. */
  readonly better?: 'max' | 'min';
  /** Throws ArgumentError, in the words of `who`, for outputs it cannot judge. */
  checkOutput?(who: string, output: OutputForm): void;
}

/**
 * A metric, words such as `binaryAccuracy:name=hits`, or a config. `accuracy` is, as in Keras, the binary one where the last
 * axis of an output is 1, and the categorical one over that axis otherwise, whatever the loss.
 */
export type MetricOption = Meant<Metric>;

/** What every metric takes. */
export interface MetricOptions {
  /** Name in logs. Default: the function's own name. */
  name?: string;
}

/** How a metric of this package is described beside what its class says. */
export interface MetricAbout {
  /** Its class in Keras, or in this package. */
  className: string;
  /** The name of the function that makes it, and in logs. */
  word: string;
  /** Names of its own options. */
  options?: readonly string[];
  spec?: Partial<Pick<ClassSpec, 'fixed' | 'unread' | 'own' | 'spelled' | 'module' | 'read'>>;
  /** The name that Keras gives to one that nobody named. Default: the class in snake case. */
  kerasName?: string;
}

function specOf({ className, word, options = [], spec = {}, kerasName }: MetricAbout): ClassSpec & { inKeras: string } {
  const inKeras = kerasName ?? snakeCase(className).slice(1);
  return {
    className,
    module: 'keras.metrics',
    ...spec,
    options: ['name', ...options],
    fixed: { dtype: 'float32', ...spec.fixed },
    read: { ...spec.read, name: (name) => (name === inKeras ? word : name) },
    inKeras,
  };
}

/** What a metric is beside its name: its own options, checked and complete, and how it counts. */
export type Counted<State> = Omit<Metric<State>, 'name' | 'className' | 'getConfig'> & {
  settings?: Readonly<Record<string, unknown>>;
};

/** What makes metrics of a class; `make` checks the options of its own. A name that nobody chose is spelled as Keras does. */
export function metricMaker<State, O extends MetricOptions = MetricOptions>(
  about: MetricAbout,
  make: (who: string, options: O) => Counted<State>,
): Maker<(options?: O) => Metric<State> & Described> {
  const { word } = about;
  const { inKeras, ...spec } = specOf(about);
  return maker(spec, (options: O = {} as O) => {
    checkOptions(word, options, spec.options);
    const { name = word } = options;
    if (typeof name !== 'string' || name === '') {
      throw new ArgumentError({ who: word, expected: 'name to be a text', got: show(name) });
    }
    const { settings = {}, ...counted } = make(word, options);
    const told = { ...settings, name: name === word ? inKeras : name };
    return { ...counted, name, spec, className: spec.className, getConfig: (): Config => configOf(spec, told) };
  });
}

/** The weight of a sample. */
export const weightOf = ({ weights }: MetricBatch, sample: number): number =>
  weights === undefined ? 1 : weights[sample]!;

/** Throws ArgumentError unless outputs are of two classes or more. */
export function expectClasses(who: string, word: string, { shape }: OutputForm, least = 2): void {
  const width = shape.at(-1) ?? 1;
  if (width >= least) return;
  const expected = `outputs of ${least === 2 ? 'two' : least} classes or more for ${word}`;
  throw new ArgumentError({ who, expected, got: show([...shape]) });
}
