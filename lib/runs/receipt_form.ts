/** The form of a receipt, field by field; whatever has another one is refused. */
import type { z } from 'zod';
import type { ClassConfig } from '../config/index.js';
import { targetKinds } from '../data/index.js';
import { lazySchema } from '../lazy/index.js';
import { fieldsOf, settingsWhere } from '../settings/index.js';
import { dtypes } from '../tensor/index.js';
import { treeSchema } from '../trace/index.js';

/** The format this version writes and reads. */
export const receiptFormat = 3 as const;

/** The settings that a receipt holds. */
export const receiptSettings = settingsWhere(({ receipt }) => receipt !== false);

const schemas = lazySchema((z) => {
  const hash = z.string().regex(/^sha256:[0-9a-f]{64}$/);
  /** An Ed25519 key in the one DER form it has (RFC 8410): other encodings of the same key would be another signer's name. */
  const publicKey = z.string().regex(/^302a300506032b6570032100[0-9a-f]{64}$/);
  const signatureValue = z.string().regex(/^[0-9a-f]{128}$/);
  const count = z.int().min(0);
  /** A double as text that reads back the same; it may be NaN or infinite, which JSON cannot say. */
  const double = z.string().refine((text) => String(Number(text)) === text);
  const text = z.string().min(1);

  /** A layer, network, optimizer, loss or metric in Keras's form; null for one of the user's own that does not tell it. */
  const config = z
    .looseObject({ class_name: text, config: z.record(z.string(), z.json()) })
    .nullable() as unknown as z.ZodType<ClassConfig | null>;
  const shape = z.array(count);
  /** Where a model or data come from, and over a module of the user's own the hash of its code. */
  const source = <const K extends string>(kinds: readonly K[]) =>
    z.strictObject({ kind: z.enum(kinds), name: text, sha256: hash.exactOptional() });

  /** All of a receipt but its hash and signature. */
  const body = z.strictObject({
    samebits: z.literal('receipt'),
    format: z.literal(receiptFormat),
    contract: count,
    version: text,
    /** Hash of the addon's file. */
    addon: hash,
    target: text,
    threads: count.min(1).max(1024),
    options: z.strictObject(fieldsOf(z, receiptSettings)),
    sources: z.strictObject({
      model: source(['table', 'module', 'config', 'object']),
      data: source(['synthetic', 'folder', 'reader', 'module', 'object']),
    }),
    dataHash: hash,
    classNames: z.array(text),
    /** What the network was given: shape of a sample, and what targets are. */
    form: z.strictObject({
      sampleShape: shape,
      targets: z.strictObject({ kind: z.enum(targetKinds), shape, classes: count }),
    }),
    /** What was trained and how it learnt; see CompiledFacts. */
    compile: z.strictObject({
      ...{ network: config, optimizer: config, loss: config, metrics: z.array(config) },
      weightedMetrics: z.array(config).min(1).exactOptional(),
    }),
    /** Name, dtype and shape of the tensors the trees are over: weights, then what the optimizer remembers. */
    tensors: z.array(z.tuple([text, z.enum(dtypes), z.array(count)])),
    /** The tree before the first step. */
    initial: treeSchema(),
    epochs: z
      .array(
        z.strictObject({
          epoch: count,
          /** Loss and metrics by name; those of validation are null where there was none. */
          means: z.record(text, double.nullable()),
          weightsHash: hash,
          ...treeSchema().shape,
        }),
      )
      .min(1),
    /** Training steps in all. */
    steps: count,
    /** There where a callback ended it before the epochs of its options. */
    stopped: z.literal(true).exactOptional(),
    weightsHash: hash,
    predictionsHash: hash.nullable(),
    /** Hash of every other file of the run folder but the result, by its path in the folder. */
    files: z.record(z.string().regex(/^[a-z0-9_-]+(?:\/[a-z0-9_-]+)?\.[a-z]+$/), hash),
    environment: z.strictObject({
      cpu: z.string(),
      cores: count,
      memoryMiB: count,
      platform: text,
      arch: text,
      osRelease: z.string(),
      node: text,
      compiler: text,
    }),
  });
  const receipt = body.extend({
    hash,
    signature: z.strictObject({ algorithm: z.literal('ed25519'), publicKey, value: signatureValue }).nullable(),
  });
  return { body, receipt };
});

/** The schema of a receipt. */
export const receiptSchema = () => schemas().receipt;

/** A receipt; see the schema. */
export type Receipt = z.infer<ReturnType<typeof schemas>['receipt']>;
/** All of a receipt but its hash and signature. */
export type Body = z.infer<ReturnType<typeof schemas>['body']>;
