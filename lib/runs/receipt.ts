/**
 * The receipt of a training: what was computed, from what, and what came of it, so that anyone can compute it again
 * (docs/trace.md, Receipts). It is JSON in exactly one form; a hash over its body, and where wanted a signature, tell when
 * a byte was altered.
 */
import { createHash, type KeyObject } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataForm } from '../data/index.js';
import { FileError, givenOptions, show } from '../errors/index.js';
import { fileHash, reason, version, writeWhole } from '../files/index.js';
import { capabilities } from '../runtime/index.js';
import type { StoredTensor, Tree } from '../trace/index.js';
import type { CompiledFacts } from './compiled_facts.js';
import { describeMachine } from './machine.js';
import { meansOf, meansText } from './means.js';
import { contradictionIn, filesOfRun } from './receipt_checks.js';
import { type Body, type Receipt, receiptFormat, receiptSchema, receiptSettings } from './receipt_form.js';
import type { EpochResult, TrainResult } from './result.js';
import { isSignatureOf, signatureOf } from './signature.js';

/** The receipt of a run folder. */
export const receiptPath = (folder: string): string => join(folder, 'receipt.json');

/** `sha256:` over bytes. */
export const sha256 = (bytes: Uint8Array | string): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const encode = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

/** What a training knows when it writes its receipt. */
export interface ReceiptFacts {
  result: TrainResult;
  compile: CompiledFacts;
  sources: Body['sources'];
  form: DataForm;
  /** The tensors the trees are over. */
  tensors: readonly StoredTensor[];
  trees: readonly Tree[];
  key: KeyObject | undefined;
}

function epochOf(result: EpochResult, tree: Tree) {
  const { epoch, weightsHash } = result;
  return { epoch, means: meansText(meansOf(result)), weightsHash, ...tree };
}

/** What data are, as a receipt has it. */
export const plainForm = ({ sampleShape, targets: { kind, shape, classes } }: DataForm): Body['form'] => ({
  sampleShape: [...sampleShape],
  targets: { kind, shape: [...shape], classes },
});

/** Hashes of the files that a run wrote, in the order of their paths; whatever else lies in its folder is not its own. */
function filesOf(folder: string, body: Omit<Body, 'files' | 'environment'>): Body['files'] {
  const { always, mayHave } = filesOfRun(body);
  const inside = (path: string) => (existsSync(join(folder, path)) ? readdirSync(join(folder, path)) : []);
  const paths = [
    ...inside(''),
    ...['checkpoints', 'steps', 'weights'].flatMap((part) => inside(part).map((name) => `${part}/${name}`)),
  ];
  const own = paths.filter((path) => always.includes(path) || mayHave(path)).sort();
  return Object.fromEntries(own.map((path) => [path, fileHash(join(folder, path))]));
}

/** Writes the receipt of a training whose other files are there. Throws FileError when it cannot be written. */
export function writeReceipt(
  folder: string,
  { result, compile, sources, form, tensors, trees, key }: ReceiptFacts,
): void {
  const { addon, compiler } = capabilities();
  const about = {
    samebits: 'receipt' as const,
    format: receiptFormat,
    contract: result.contract,
    version,
    addon: fileHash(addon),
    target: result.target,
    threads: result.threads,
    options: givenOptions(result.settings, receiptSettings),
    sources,
    dataHash: result.dataHash,
    classNames: [...result.classNames],
    form: plainForm(form),
    compile,
    tensors: tensors.map(({ name, dtype, shape }) => [name, dtype, [...shape]]),
    initial: trees[0]!,
    epochs: result.epochs.map((epoch, i) => epochOf(epoch, trees[i + 1]!)),
    steps: result.stepSeconds.length,
    ...(result.stopped && { stopped: result.stopped }),
    weightsHash: result.weightsHash,
    predictionsHash: result.predictionsHash,
  } satisfies Omit<Body, 'files' | 'environment'>;
  const environment = { ...describeMachine(), node: process.version, compiler };
  const body: Body = { ...about, files: filesOf(folder, about), environment };
  const bytes = encode(body);
  const receipt: Receipt = { ...body, hash: sha256(bytes), signature: key ? signatureOf(bytes, key) : null };
  writeWhole(receiptPath(folder), encode(receipt));
}

/** Reads a receipt. Throws FileError when it cannot be read or was altered; see `parseReceipt`. */
export function readReceipt(path: string): Receipt {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new FileError({ who: 'receipt', expected: `a receipt ${show(path)}`, got: reason(cause) }, { cause });
  }
  return parseReceipt(bytes, path);
}

type Refuse = (got: string, cause?: unknown) => never;

function parseJson(bytes: Buffer, refuse: Refuse): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch (cause) {
    return refuse('one that is no JSON', cause);
  }
}

/** What reads receipts of earlier formats. */
const readers: Readonly<Record<number, string>> = {
  1: 'builds of samebits 0.1.0 with contract 1',
  2: 'earlier builds of samebits 0.1.0 with contract 2',
};

/** Refuses a receipt of another format, by what reads it. */
function checkFormat(value: unknown, path: string): void {
  const { samebits, format } = (value ?? {}) as Record<string, unknown>;
  if (samebits !== 'receipt' || !Number.isSafeInteger(format) || format === receiptFormat) return;
  const reader = readers[format as number];
  throw new FileError({
    who: 'receipt',
    expected: `a receipt of format ${receiptFormat} ${show(path)}`,
    got: `one of format ${format}`,
    hint: reader === undefined ? 'a later version of samebits reads it' : `${reader} read it`,
  });
}

/**
 * The receipt in a file's bytes. Throws FileError, naming `path`, for one that is not whole: another form, a body that
 * does not fit its hash, a signature that does not fit the body, or two fields that contradict each other.
 */
export function parseReceipt(written: Buffer, path: string): Receipt {
  const refuse: Refuse = (got, cause) => {
    throw new FileError({ who: 'receipt', expected: `an unaltered receipt ${show(path)}`, got }, { cause });
  };
  const value = parseJson(written, refuse);
  checkFormat(value, path);
  const { success, data, error } = receiptSchema().safeParse(value);
  if (!success) return refuse(`one whose ${error.issues[0]!.path.join('.') || 'whole'} has another form`);
  if (!encode(value).equals(written)) return refuse('one in another form');
  const { hash, signature, ...body } = value as Receipt;
  const bytes = encode(body);
  if (sha256(bytes) !== hash) return refuse('one whose hash is not that of its body');
  if (signature !== null && !isSignatureOf(bytes, signature)) return refuse('one with a wrong signature');
  const contradiction = contradictionIn(data);
  if (contradiction !== undefined) refuse(contradiction);
  return data;
}
