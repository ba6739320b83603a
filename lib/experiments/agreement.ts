/** Whether trainings are one training: all that decides their bits in deterministic mode is the same. */
import { show } from '../errors/index.js';
import { canonical, settingsWhere } from '../settings/index.js';
import type { FoundRun } from './found_runs.js';

/** How sums are joined, which decides no bit in deterministic mode. */
const joining: readonly string[] = ['mode', 'atomic', 'arrivalSeed'];
/** What the digest of the data says better, and the facts below. */
const said: readonly string[] = [
  ...[
    'samples',
    'validationSamples',
    'validationFraction',
    'splitSeed',
    'dataOptions',
    'damaged',
    'maxPixels',
    'model',
    'seed',
  ],
];

/** A fact in which trainings differ: as each of them has it, in words. */
export interface DifferingSetting {
  name: string;
  values: string[];
}

/** What decides the bits of a training, by name. */
function factsOf({ result }: FoundRun): Record<string, unknown> {
  const { model, seed, contract, dataHash, parameters, epochs, settings } = result;
  const own = settingsWhere(({ part }, name) => part === 'identity' && !joining.includes(name) && !said.includes(name));
  const given = own
    .map((name) => [name, canonical(name, settings)] as const)
    .filter(([, value]) => value !== undefined);
  return { model, parameters, dataHash, epochs: epochs.length, seed, contract, ...Object.fromEntries(given) };
}

const wordOf = (value: unknown) =>
  value === undefined ? 'none' : typeof value === 'object' ? JSON.stringify(value) : show(value);

/** The facts in which trainings differ that decide bits in deterministic mode; none where they are one training. */
export function differingSettings(runs: readonly FoundRun[]): DifferingSetting[] {
  const facts = runs.map(factsOf);
  const names = [...new Set(facts.flatMap((one) => Object.keys(one)))];
  return names
    .map((name) => ({ name, values: facts.map((one) => wordOf(one[name])) }))
    .filter(({ values }) => new Set(values).size > 1);
}
