/** Whether trainings are one training: all that decides their bits in deterministic mode is the same. */
import { show } from '../errors/index.js';
import type { FoundRun } from './found_runs.js';

/** What decides no bit in deterministic mode: the place, what is kept, where the data lies, and how sums are joined. */
const free: readonly string[] = [
  ...['device', 'isa', 'threads', 'out', 'resume', 'sign', 'tensorboard', 'data', 'validation', 'samples', 'maxPixels'],
  ...[
    'damaged',
    'checkpoints',
    'keepSteps',
    'trace',
    'traceValues',
    'mode',
    'atomic',
    'arrivalSeed',
    'model',
    'epochs',
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
  const own = Object.entries(settings).filter(([name, value]) => !free.includes(name) && value !== undefined);
  return { model, parameters, dataHash, epochs: epochs.length, seed, contract, ...Object.fromEntries(own) };
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
