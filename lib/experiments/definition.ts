/** What an experiment is: plain data, checked field by field before anything runs. */
import type { z } from 'zod';
import { lazySchema, refusalOf } from '../lazy/index.js';
import { capabilities, modes, severalOrders } from '../runtime/index.js';
import { fieldsOf, settingsFor, withDefaults } from '../settings/index.js';

const different = (list: readonly string[]) => new Set(list).size === list.length;
const differentNumbers = (list: readonly number[]) => new Set(list).size === list.length;
const modesError = "one or both of 'deterministic' and 'atomic', each once";

const atomicError = "kernels that join sums, each once, beside mode 'atomic'";
const ordersError = "an integer >= 2 beside mode 'atomic' on the CPU without an arrivalSeed";
const arrivalError = "an integer >= 0 beside mode 'atomic' and device 'cpu'";

/** What the trainings of an experiment are asked alike; each writes to a folder of its own. */
const shared = settingsFor('compare').filter((name) => name !== 'out');

const schema = lazySchema((z) => {
  const count = (least: number) => {
    const error = `an integer >= ${least}`;
    return z.int({ error }).min(least, { error });
  };
  const fields = z.strictObject({
    ...fieldsOf(z, shared),
    modes: z
      .array(z.enum(modes, { error: modesError }), { error: modesError })
      .min(1, { error: modesError })
      .refine(different, { error: modesError }),
    runs: count(2),
    /** The atomic trainings join the sums of these kernels only as they arrive. */
    atomic: z.array(z.string(), { error: atomicError }).min(1, { error: atomicError }).exactOptional(),
    /** Seed of the order of arrival of the first atomic training; each further one has the next. */
    arrivalSeed: z.int({ error: arrivalError }).min(0, { error: arrivalError }).exactOptional(),
    explain: count(0).exactOptional(),
    /** Steps after which every compared training keeps its weights, close together at the beginning. */
    growthSteps: count(0).exactOptional(),
    threadCounts: z.array(count(1)).refine(differentNumbers, { error: 'every number once' }).exactOptional(),
  });

  return fields
    .refine(({ atomic, modes }) => atomic === undefined || (modes.includes('atomic') && different(atomic)), {
      path: ['atomic'],
      error: atomicError,
    })
    .refine(({ atomic }) => atomic?.every((name) => capabilities().joins.includes(name)) ?? true, {
      path: ['atomic'],
      error: atomicError,
    })
    .refine((one) => one.arrivalSeed === undefined || (one.modes.includes('atomic') && one.device === 'cpu'), {
      path: ['arrivalSeed'],
      error: arrivalError,
    })
    .refine((one) => !one.modes.includes('atomic') || severalOrders(one, capabilities().hardwareThreads), {
      path: ['threads'],
      error: ordersError,
    });
});

/**
 * Several trainings that differ in nothing but their mode: `runs` of each of `modes`, all with one seed. Beside them,
 * one deterministic run with each of `threadCounts`, and that many validation pictures explained by all runs.
 */
export type Definition = z.infer<ReturnType<typeof schema>>;

/** A definition from data of unknown shape; throws ArgumentError naming the first field that does not fit. */
export function parseDefinition(value: unknown): Definition {
  const parsed = schema().safeParse(value);
  if (!parsed.success) throw refusalOf('experiment', parsed.error, value);
  return parsed.data;
}

/** An experiment as it is asked for: the settings of its trainings, and how many there are. */
export type ExperimentSettings = Partial<Definition> & Pick<Definition, 'model' | 'data'>;

/**
 * The definition of an experiment with the defaults of `samebits compare`: 3 runs in each mode, 4 pictures, 8 steps of growth.
 * Throws ArgumentError naming the first field that does not fit.
 */
export function defineExperiment(settings: ExperimentSettings): Definition {
  const { mode: _, ...filled } = withDefaults(settings);
  return parseDefinition({ modes: [...modes], runs: 3, explain: 4, growthSteps: 8, ...filled, ...settings });
}
