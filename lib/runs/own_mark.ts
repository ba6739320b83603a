/**
 * The mark by which a user knows their own run folders: an HMAC over the settings, with a key that only this user has. What a
 * folder names is followed (its data opened, its modules run) only where it has the mark, or where the user named it; the
 * folder of a stranger may name anything.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defaultCacheFolder } from '../data/index.js';
import { makeFolders } from '../files/index.js';

const keyBytes = 32;

/** The file of the key: `SAMEBITS_KEY`, or `own.key` beside the cached pictures; undefined for a user without a home. */
function keyPath(): string | undefined {
  const { SAMEBITS_KEY } = process.env;
  const cache = defaultCacheFolder();
  return SAMEBITS_KEY || (cache && join(cache, 'own.key'));
}

function readKey(path: string): Buffer | undefined {
  try {
    const key = readFileSync(path);
    return key.length === keyBytes ? key : undefined;
  } catch {
    return undefined; // none yet, or one of another user: the folder is then not known as one's own
  }
}

/** Makes a key that nobody else can read; one that another process made meanwhile stays. */
function makeKey(path: string): Buffer | undefined {
  const begun = `${path}.${process.pid}.tmp`;
  try {
    makeFolders(dirname(path));
    writeFileSync(begun, randomBytes(keyBytes), { mode: 0o600, flag: 'wx' });
    try {
      linkSync(begun, path);
    } finally {
      rmSync(begun, { force: true });
    }
  } catch {
    // There already, or it cannot be kept: then no folder is marked, and commands ask for what they would follow.
  }
  return readKey(path);
}

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** The mark of this user on a text; undefined for a user who can keep no key. */
export function markOf(text: string): string | undefined {
  const path = keyPath();
  const key = path && (readKey(path) ?? makeKey(path));
  return key ? `hmac-sha256:${hmac(key, text).toString('hex')}` : undefined;
}

/** Whether a mark is that of this user on this text. */
export function isOwnMark(mark: string | undefined, text: string): boolean {
  const path = keyPath();
  const key = path && readKey(path);
  const told = Buffer.from(/^hmac-sha256:([0-9a-f]{64})$/.exec(mark ?? '')?.[1] ?? '', 'hex');
  return Boolean(key) && told.length === 32 && timingSafeEqual(told, hmac(key as Buffer, text));
}
