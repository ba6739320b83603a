/** A measure that is watched from epoch to epoch, and whether it gets better. */
import { ArgumentError, numberOption, show, wordOption } from '../errors/index.js';
import { allMetrics, type EpochLogs, type TrainBegin } from '../models/index.js';

/** What a callback takes that watches a measure. */
export interface MonitorOptions {
  /** Name of a measure, as in the history. Default 'valLoss'. */
  monitor?: string;
  /** Whether less or more of it is better; 'auto' knows of the loss and of this package's metrics. Default 'auto'. */
  mode?: 'auto' | 'min' | 'max';
}

const withoutVal = (name: string) => (/^val[A-Z]/.test(name) ? name[3]!.toLowerCase() + name.slice(4) : name);
/** A place of a list belongs to its metric: `recall_1`. */
const withoutPlace = (name: string) => name.replace(/(_\d+)+$/, '');

export class Monitor {
  readonly monitor: string;
  readonly #who: string;
  readonly #mode: 'auto' | 'min' | 'max';
  readonly #minDelta: number;
  #sign = 1;

  /** `minDelta` is the least change that counts. Throws ArgumentError for a bad option. */
  constructor(who: string, { monitor = 'valLoss', mode = 'auto' }: MonitorOptions, minDelta: unknown = 0) {
    if (typeof monitor !== 'string' || monitor === '') {
      throw new ArgumentError({ who, expected: 'monitor to be the name of a measure', got: show(monitor) });
    }
    this.monitor = monitor;
    this.#who = who;
    this.#mode = wordOption(who, 'mode', mode, ['auto', 'min', 'max'] as const);
    this.#minDelta = Math.abs(numberOption(who, 'minDelta', minDelta, 'a number', () => true));
  }

  /** Throws ArgumentError where the training does not measure it, and where nobody says which way is better. */
  begin({ measures, model }: TrainBegin): void {
    const { monitor } = this;
    if (!measures.includes(monitor) && !measures.includes(withoutPlace(monitor))) {
      const expected = `monitor to be one of ${measures.map(show).join(', ')}`;
      throw new ArgumentError({ who: this.#who, expected, got: show(monitor) });
    }
    const of = withoutVal(monitor);
    const metric = allMetrics(model.compiled).find(({ name }) => name === of || name === withoutPlace(of));
    const better = this.#mode !== 'auto' ? this.#mode : of === 'loss' ? 'min' : metric?.better;
    if (better === undefined) {
      const expected = `mode 'min' or 'max' beside monitor ${show(monitor)}`;
      throw new ArgumentError({ who: this.#who, expected, got: "'auto'", hint: 'nothing tells which way is better' });
    }
    this.#sign = better === 'min' ? 1 : -1;
  }

  /** Its value in an epoch. Throws ArgumentError where it has none. */
  of({ logs }: EpochLogs): number {
    const value = logs[this.monitor];
    if (value !== undefined) return value;
    const expected = `monitor to be one of ${Object.keys(logs).map(show).join(', ')}`;
    throw new ArgumentError({ who: this.#who, expected, got: show(this.monitor) });
  }

  /** Whether a value is better than another one by more than minDelta; than none it always is. NaN is never better. */
  isBetter(value: number, than: number | undefined): boolean {
    if (than === undefined) return true;
    return this.#sign > 0 ? value + this.#minDelta < than : value - this.#minDelta > than;
  }
}
