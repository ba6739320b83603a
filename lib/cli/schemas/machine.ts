/** The results of `info` and `weights`: what is here, and what is in a file. */
import type { Capabilities } from '../../runtime/index.js';
import { type Schema, words, type Zod } from './words.js';

/** What `info` tells. */
export interface Info extends Pick<Capabilities, 'contract' | 'isas' | 'bestIsa' | 'devices'> {
  version: string;
  build: { addon: string; compiler: string; kernels: number; passedOver: readonly string[] };
  threads: number;
  node: string;
  platform: string;
}

const build = (z: Zod) => {
  const { text, count } = words(z);
  return z.object({ addon: text, compiler: text, kernels: count, passedOver: z.array(text) });
};

/** What `info` prints. */
export const info = (z: Zod): Schema<Info> => {
  const { text, count, flag } = words(z);
  const offers = z.array(z.object({ name: text, available: flag, reason: text.exactOptional() }));
  return z.object({
    ...{ version: text, contract: count, build: build(z) },
    ...{ isas: offers, bestIsa: text, threads: count, devices: offers, node: text, platform: text },
  });
};

/** The tensors of a file of weights. */
export interface ListedWeights {
  file: string;
  tensors: { number: number; name: string; shape: readonly number[]; dtype: string }[];
}

/** What `weights` prints. */
export const weights = (z: Zod): Schema<ListedWeights> => {
  const { text, count } = words(z);
  const tensor = z.object({ number: count, name: text, shape: z.array(count), dtype: text });
  return z.object({ file: text, tensors: z.array(tensor) });
};

/** One tensor, or a part of it. */
export interface PrintedTensor {
  file: string;
  number: number;
  name: string;
  slice: string | null;
  dtype: string;
  shape: readonly number[];
  values: number[];
  /** In hex, as what JSON numbers cannot say is in them. */
  bits: string[];
}

/** What `weights --tensor` prints. */
export const tensor = (z: Zod): Schema<PrintedTensor> => {
  const { text, count, maybe } = words(z);
  return z.object({
    ...{ file: text, number: count, name: text, slice: text.nullable(), dtype: text, shape: z.array(count) },
    ...{ values: z.array(maybe), bits: z.array(z.string().regex(/^[0-9a-f]+$/)) },
  });
};
