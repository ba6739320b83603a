/**
 * What a receipt tells and a verification cannot prove, field by field (docs/verify.md, What is told, not proved). Every field of a
 * receipt has a row here; test/experiments/forged_receipts.test.ts forges each of them.
 */
import type { Receipt } from '../runs/index.js';
import { settingsWhere } from '../settings/index.js';

/** What a verification saw, as far as it decides what it proves. */
export interface Seen {
  /** Epochs that were computed again. */
  epochs: readonly number[];
  /** Files that were not there. */
  missing: readonly string[];
  /** Whether the network was made of what the receipt says, and not compared with that of a table or module. */
  made: boolean;
  /** Whether the signer was asked for by key. */
  key: boolean;
}

type Rule = (seen: Seen, receipt: Receipt) => boolean;

const always: Rule = () => true;
const unless =
  (epoch: (receipt: Receipt) => number): Rule =>
  ({ epochs }, receipt) =>
    !epochs.includes(epoch(receipt));
const unlessLast = unless(({ epochs }) => epochs.length);

/** The epoch a step lies in, from 1. */
const epochOf = (step: number, { steps, epochs }: Receipt) => Math.ceil(step / (steps / epochs.length));

/** Fields that are told, never or not always proved; of all others a false value is refused or found to differ. */
const rules: Readonly<Record<string, Rule>> = {
  version: always,
  addon: always,
  target: always,
  threads: always,
  ...Object.fromEntries(settingsWhere(({ receipt }) => receipt === 'told').map((name) => [`options.${name}`, always])),
  // Nothing depends on a flip in an epoch that was not computed.
  'options.flip': (seen, receipt) => unless(() => epochOf(receipt.options.flip!.step, receipt))(seen, receipt),
  initial: unless(() => 1),
  weightsHash: unlessLast,
  predictionsHash: unlessLast,
  'options.model': ({ made }) => made,
  'options.modelOptions': ({ made }) => made,
  // Names, and code that no computation here has seen; where a module is given, its hash has been compared.
  sources: always,
  environment: always,
  'signature.publicKey': ({ key }) => !key,
};

/**
 * Epochs whose results a file holds and was compared with; undefined for a file of which a hash tells only that it is the one
 * the receipt was written for: traces, weights of steps, checkpoints, whose tensors are compared, but not what else they say.
 */
function epochsIn(file: string, { epochs }: Receipt): number[] | undefined {
  if (file === 'history.jsonl') return epochs.map(({ epoch }) => epoch);
  if (file === 'predictions.safetensors') return [epochs.length];
  const epoch = /^weights\/epoch-(\d+)\.safetensors$/.exec(file)?.[1];
  return epoch === undefined ? undefined : [Number(epoch)];
}

function isToldFile(file: string, { missing, epochs }: Seen, receipt: Receipt): boolean {
  const held = epochsIn(file, receipt);
  return held === undefined || missing.includes(file) || !held.every((epoch) => epochs.includes(epoch));
}

/** The value of a field by its path; undefined where it is absent or null. */
function valueAt(receipt: Receipt, path: string): unknown {
  let value: unknown = receipt;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[key];
  return value ?? undefined;
}

/** Fields that were told and not proved, with what they say; `epochs.3` for an epoch that was not computed. */
export function toldBy(receipt: Receipt, seen: Seen): Record<string, unknown> {
  const fields = Object.entries(rules).filter(
    ([path, rule]) => valueAt(receipt, path) !== undefined && rule(seen, receipt),
  );
  const epochs = receipt.epochs.filter(({ epoch }) => !seen.epochs.includes(epoch));
  const files = Object.entries(receipt.files).filter(([file]) => isToldFile(file, seen, receipt));
  return Object.fromEntries([
    ...fields.map(([path]) => [path, valueAt(receipt, path)]),
    ...epochs.map((epoch) => [`epochs.${epoch.epoch}`, epoch]),
    ...files.map(([file, hash]) => [`files.${file}`, hash]),
  ]);
}
