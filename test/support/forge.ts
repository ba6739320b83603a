// Receipts as a forger writes them: the body changed, hashed again and, with a key, signed again.

import type { KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../lib/runs/index.js';
import type { Receipt } from '../../lib/runs/receipt_form.js';
import { signatureOf } from '../../lib/runs/signature.js';

/** JSON in a receipt's one form. */
export const encodeReceipt = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The receipt of a run folder as plain data. */
export const receiptIn = (folder: string): Receipt =>
  JSON.parse(readFileSync(join(folder, 'receipt.json'), 'utf8')) as Receipt;

/** The text of a receipt with a hash that fits and, with a key, a signature that does. */
export function sealed(receipt: Receipt, key?: KeyObject): string {
  const { hash, signature, ...body } = receipt;
  const bytes = Buffer.from(encodeReceipt(body));
  return encodeReceipt({ ...body, hash: sha256(bytes), signature: key ? signatureOf(bytes, key) : null });
}

/** Changes the receipt of a run folder as someone does who knows how to hash, and to sign with a key of his own. */
export function forgeReceipt(folder: string, change: (receipt: Receipt) => void, key?: KeyObject): void {
  const receipt = receiptIn(folder);
  change(receipt);
  writeFileSync(join(folder, 'receipt.json'), sealed(receipt, key));
}
