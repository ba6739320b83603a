/** What the callbacks of this package are beside functions that are told: a name, options, and whether they decide. */
import { type ClassSpec, type Configurable, configOf, type Described, type Maker, maker } from '../classes/index.js';
import { checkOptions } from '../errors/index.js';
import type { FitCallbacks } from '../models/index.js';

/** A callback of this package. */
export interface Callback extends FitCallbacks, Configurable {
  readonly name: string;
  /** The options that were given, as words hold them; undefined where one of them is code. */
  readonly settings: Readonly<Record<string, unknown>> | undefined;
  /** Whether it changes how a training goes on. Beside `run` it is then a setting of the run, which has to be data. */
  readonly decides: boolean;
}

/** How a callback is described. */
export interface About {
  className: string;
  word: string;
  options: readonly string[];
  decides: boolean;
}

/** What makes callbacks of a class; `make` checks the options. Values that are no data make it undescribable: `code` names them. */
export function callbackMaker<O extends object, T extends FitCallbacks>(
  { className, word, options, decides }: About,
  make: (who: string, options: O) => T,
  code: (options: O) => boolean = () => false,
): Maker<(options?: O) => T & Callback & Described> {
  const spec: ClassSpec = { className, module: 'keras.callbacks', options };
  return maker(spec, (given: O = {} as O) => {
    checkOptions(word, given, options);
    const made = make(word, given);
    const told = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const about = {
      ...{ spec, className, name: word, decides },
      settings: code(given) ? undefined : told,
      getConfig: () => configOf(spec, told),
    };
    // What it knows of the training is behind getters.
    return Object.defineProperties(made, Object.getOwnPropertyDescriptors(about)) as T & Callback & Described;
  });
}
