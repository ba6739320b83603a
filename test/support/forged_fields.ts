// The fields of a receipt: what may become of each where it is forged, how another value of it is drawn, and where they are.

import fc from 'fast-check';
import { models } from '../../lib/networks/index.js';
import type { Receipt } from '../../lib/runs/receipt_form.js';
import { isas } from '../../lib/runtime/index.js';
import { placesIn } from './mutations.js';

export type Outcome = 'refused' | 'different' | 'told' | 'believed';

const hash = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => `sha256:${Buffer.from(bytes).toString('hex')}`);
const hex = hash.map((text) => text.slice(7));
const word = fc.stringMatching(/^[a-z]{1,12}$/);
const integer = fc.integer({ min: 1, max: 300 });
const double = fc.double({ noDefaultInfinity: true, noNaN: true, min: 0, max: 9 }).map(String);

/** Another value of the kind of this one. */
export function anyLike(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value === 'number') return integer;
  if (typeof value === 'boolean') return fc.constant(!value);
  if (typeof value !== 'string') return hash;
  if (/^sha256:/.test(value)) return hash;
  if (/^[0-9a-f]{64}$/.test(value)) return hex;
  return String(Number(value)) === value ? double : word;
}

interface Row {
  /** What may become of the field; nothing else may. */
  may: Outcome[];
  draw?: fc.Arbitrary<unknown>;
}
const row = (...may: Outcome[]): Row => ({ may });
const refused = row('refused');
const different = row('different');
const told = row('told');
const found = row('refused', 'different');

/** Every field of a receipt. A list is `*`, and so are names that are data, and whatever a config holds. */
export const table: Record<string, Row> = {
  samebits: refused,
  format: refused,
  contract: refused,
  version: told,
  addon: told,
  target: refused,
  threads: told,
  'options.model': { may: ['refused', 'different'], draw: fc.oneof(word, fc.constantFrom(...Object.keys(models))) },
  'options.data': told,
  'options.validation': told,
  'options.samples': found,
  'options.validationSamples': row('refused', 'different', 'told'),
  'options.splitSeed': row('different', 'told'),
  'options.augment.*': row('refused', 'different'),
  'options.dataOptions.bits': row('refused', 'different', 'told'),
  'options.imageSize': {
    may: ['refused', 'different'],
    draw: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constant(2e6)),
  },
  'options.epochs': refused,
  'options.batchSize': { may: ['refused', 'different'], draw: fc.constantFrom(1, 2, 5, 2 ** 40) },
  'options.device': { may: ['refused'], draw: fc.constant('cuda') },
  'options.isa': { may: ['refused', 'told'], draw: fc.constantFrom(...isas) },
  'options.mode': { may: ['refused'], draw: fc.constant('atomic') },
  'options.damaged': { may: ['told'], draw: fc.constantFrom('refuse', 'skip') },
  'options.maxPixels': { may: ['told'], draw: fc.integer({ min: 1_000_000, max: 9_000_000 }) },
  'options.atomic.*': refused,
  'options.flip.step': { may: ['refused', 'different'], draw: fc.integer({ min: 0, max: 3 }) },
  'options.flip.tensor': { may: ['refused', 'different'], draw: fc.oneof(word, fc.constant('dense/kernel')) },
  'options.flip.index': { may: ['refused', 'different'], draw: fc.integer({ min: -1, max: 1000 }) },
  'options.flip.bit': { may: ['refused', 'different'], draw: fc.integer({ min: 15, max: 40 }) },
  'options.seed': different,
  'options.arrivalSeed': different,
  'options.modelOptions.augmentation': found,
  'options.optimizer': found,
  'options.schedule': found,
  'options.loss': found,
  'options.metrics.*': found,
  'options.callbacks.*': { may: ['refused'], draw: fc.oneof(word, fc.constant('earlyStopping:monitor=nothing')) },
  'options.classWeight.*': { may: ['refused', 'different'], draw: fc.integer({ min: -1, max: 9 }) },
  // Another kind than that of the name, or a module without its hash, is refused; an object may have any name.
  'sources.model.kind': { may: ['refused', 'told'], draw: fc.constantFrom('module', 'config', 'object') },
  'sources.model.name': told,
  'sources.data.kind': { may: ['refused', 'told'], draw: fc.constantFrom('module', 'object') },
  'sources.data.name': told,
  dataHash: different,
  'classNames.*': different,
  'form.sampleShape.*': different,
  'form.targets.kind': { may: ['different'], draw: fc.constantFrom('several', 'value', 'mask') },
  'form.targets.classes': different,
  'compile.network.*': found,
  'compile.optimizer.*': found,
  'compile.loss.*': found,
  'compile.metrics.*': found,
  'tensors.*.*': found,
  'tensors.*.*.*': different,
  'initial.root': refused,
  'initial.leaves.*': refused,
  'epochs.*.epoch': refused,
  'epochs.*.means.loss': different,
  'epochs.*.means.accuracy': different,
  'epochs.*.means.valLoss': different,
  'epochs.*.means.valAccuracy': different,
  'epochs.*.weightsHash': found,
  'epochs.*.root': refused,
  'epochs.*.leaves.*': refused,
  steps: found,
  weightsHash: refused,
  predictionsHash: different,
  'files.*': told,
  'environment.cpu': told,
  'environment.cores': told,
  'environment.memoryMiB': told,
  'environment.platform': told,
  'environment.arch': told,
  'environment.osRelease': told,
  'environment.node': told,
  'environment.compiler': told,
};

const isData = (path: (string | number)[], at: number) =>
  (path[0] === 'files' && at > 0) || /^\d+$/.test(String(path[at]));
const patternOf = (path: (string | number)[]) =>
  path[0] === 'compile' ? `compile.${path[1]}.*` : path.map((key, i) => (isData(path, i) ? '*' : key)).join('.');

/** The places of all values in the body of a receipt that are no list or table, by the row of the table. */
export function fieldsOf(receipt: Receipt): Map<string, (string | number)[][]> {
  const { hash: _hash, signature: _signature, ...body } = receipt;
  const fields = new Map<string, (string | number)[][]>();
  for (const path of placesIn(body)) {
    const value = path.reduce<unknown>((inside, key) => (inside as Record<string, unknown>)[key], body);
    if (typeof value === 'object' && value !== null) continue;
    fields.set(patternOf(path), [...(fields.get(patternOf(path)) ?? []), path]);
  }
  return fields;
}
