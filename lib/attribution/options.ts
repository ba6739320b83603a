/** What an attribution is asked for, and which steps it measures at. */
import {
  ArgumentError,
  checkOptions,
  givenOptions,
  integerOption,
  seedOption,
  show,
  wordOption,
} from '../errors/index.js';
import { capabilities, severalOrders, threadsGiven } from '../runtime/index.js';
import {
  type BeginRequest,
  checkFlip,
  checkSettings,
  type Flip,
  type SettingOf,
  settingsFor,
  withDefaults,
} from '../settings/index.js';

/** How partial sums arrive in the sources: in a seeded order, or as the threads make it. */
export const arrivals = ['seeded', 'real'] as const;

/** One model, its data, and how long and how often it is trained with each source; settings have the defaults of `train`. */
export interface AttributeOptions extends Pick<BeginRequest, SettingOf<'attribute'>> {
  /** Training steps, over as many epochs as they need. */
  steps: number;
  /** Trainings with each source. With seeded arrival each has the next seed. Default 3. */
  runs?: number;
  /** Default 'seeded', which repeats itself. */
  arrival?: (typeof arrivals)[number];
  /** Seed of the first training with a source. Default 1. */
  arrivalSeed?: number;
  /** Kernels to try. Default: all that join sums in a step of the model. */
  kernels?: readonly string[];
  /** The flip to set beside them. Default: the lowest bit of the model's first weight, after the first step. */
  flip?: Flip;
  /** Trains twice with the first seed of each source and says whether the bits were the same. Default false. */
  check?: boolean;
}

const who = 'attribute';

const own = [
  ...(['steps', 'runs', 'arrival', 'arrivalSeed', 'kernels', 'flip', 'check'] as const),
] satisfies (keyof AttributeOptions)[];

/** The options with what was left out. Throws ArgumentError. */
export function checkedOptions(given: AttributeOptions) {
  const names = settingsFor('attribute');
  checkOptions(who, given, [...names, ...own]);
  integerOption(who, 'steps', given.steps, 1);
  checkSettings(who, givenOptions(given, names));
  const options = { ...given, ...givenOptions(withDefaults(givenOptions(given, names)), names) };
  const { runs = 3, arrival = 'seeded', arrivalSeed = 1, check = false, device } = options;
  integerOption(who, 'runs', runs, 1);
  wordOption(who, 'arrival', arrival, arrivals);
  seedOption(who, 'arrivalSeed', arrivalSeed);
  seedOption(who, 'arrivalSeed + runs - 1', arrivalSeed + runs - 1);
  if (arrival === 'seeded' && device !== 'cpu') {
    throw new ArgumentError({ who, expected: "device 'cpu' for a seeded arrival", got: show(device) });
  }
  if (arrival === 'real' && options.arrivalSeed !== undefined) {
    throw new ArgumentError({ who, expected: "arrival 'seeded' beside an arrivalSeed", got: show(arrival) });
  }
  const { hardwareThreads: cores } = capabilities();
  const drawn = arrival === 'seeded' ? arrivalSeed : undefined;
  if (!severalOrders({ device, threads: options.threads, arrivalSeed: drawn }, cores)) {
    const expected = "threads 2 or more for arrival 'real'";
    const hint =
      "one thread always adds in the same order, so no kernel could differ; arrival 'seeded' draws the order";
    throw new ArgumentError({ who, expected, got: threadsGiven(options.threads, cores), hint });
  }
  if (options.flip !== undefined) checkFlip(options.flip, `${who} flip`);
  if (check && arrival === 'real') {
    const hint = 'real arrival does not repeat itself';
    throw new ArgumentError({
      who,
      expected: "arrival 'seeded' to check that sources repeat",
      got: show(arrival),
      hint,
    });
  }
  return { ...options, runs, arrival, arrivalSeed, check };
}

export type CheckedOptions = ReturnType<typeof checkedOptions>;

/** The reference flip where none is asked for: the smallest change there is, where everything begins. */
export function firstBit(weights: readonly { name: string }[]): Flip {
  return { step: 1, tensor: weights[0]!.name, index: 0, bit: 0 };
}

/** Weights of so many steps are kept at once. */
const mostPlaces = 64;

/** The steps after which distances are measured, from 1: evenly spaced up to the last, all of them where they are few. */
export function placesOf(steps: number): number[] {
  const count = Math.min(steps, mostPlaces);
  return Array.from({ length: count }, (_, i) => Math.ceil(((i + 1) * steps) / count));
}
