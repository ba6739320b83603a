// Small picture folders for the tests, made anew in a temporary folder.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { onTestFinished } from 'vitest';

/** A new folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'samebits-data-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** RGB bytes of a picture whose every value differs from its neighbours and depends on `salt`. */
export function rgbBytes(height: number, width: number, salt: number): Uint8Array {
  return Uint8Array.from({ length: height * width * 3 }, (_, i) => (i * 37 + salt * 101 + (i >> 3) * 11) % 256);
}

/** The picture of `rgbBytes` for further steps of sharp. */
export const picture = (salt: number, height = 6, width = 8): Sharp =>
  sharp(rgbBytes(height, width, salt), { raw: { height, width, channels: 3 } });

export const pngBytes = (salt: number): Promise<Buffer> => picture(salt).png().toBuffer();

/** Writes files below a folder, making what lies between. */
export function put(folder: string, files: Record<string, Uint8Array | string>): void {
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

/** A folder with two classes of two PNG pictures each. */
export async function twoClasses(): Promise<string> {
  const folder = temporaryFolder();
  put(folder, {
    'a/1.png': await pngBytes(1),
    'a/2.png': await pngBytes(2),
    'b/1.png': await pngBytes(3),
    'b/2.png': await pngBytes(4),
  });
  return folder;
}
