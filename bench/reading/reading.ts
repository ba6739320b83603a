/**
 * How fast are pictures read? A folder of JPEG files of 500 x 375 pixels, made for it, is opened without a cache of before and with one,
 * turn by turn beside what the decoder alone takes for the same files. Processor time tells what remains beside the decoder.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type Sharp from 'sharp';
import { openDataset } from '../../lib/data/index.js';
import { lazyPackage } from '../../lib/lazy/index.js';
import type { BenchOptions } from '../options.js';
import { digits, milliseconds, textTable } from '../page.js';
import { spread } from '../statistics.js';

export interface ReadingRow {
  /** What reads. */
  name: string;
  pictures: number;
  /** Seconds for all pictures; all rows take turns. */
  wall: number[];
  /** Processor seconds for all pictures, of all threads. */
  processor: number[];
}

const sharp = lazyPackage<typeof Sharp>('sharp');
const [height, width, side] = [375, 500, 180];
/** Pictures that differ; the others are copies. */
const drawn = 20;

/** A folder of two classes with as many JPEG files. */
async function makeFolder(folder: string, count: number): Promise<void> {
  const set = await openDataset({ source: 'cracks', imageSize: [height, width], samples: drawn, cache: false });
  const files: Buffer[] = [];
  for (let i = 0; i < drawn; i++) {
    const raw = { height, width, channels: 3 } as const;
    const pixels = Uint8Array.from(set.train.read([i]).x);
    files.push(await sharp()(pixels, { raw }).jpeg({ quality: 90 }).toBuffer());
  }
  set.dispose();
  const pathOf = (i: number) => path.join(folder, i % 2 === 0 ? 'a' : 'b', `${i}.jpg`);
  for (const name of ['a', 'b']) mkdirSync(path.join(folder, name), { recursive: true });
  for (let i = 0; i < count; i++) {
    if (i < drawn) writeFileSync(pathOf(i), files[i]!);
    else copyFileSync(pathOf(i % drawn), pathOf(i));
  }
}

/** Decodes every file of the folder to bytes, `atOnce` at a time, and does nothing with them. */
async function decodeAll(folder: string, atOnce: number): Promise<void> {
  const files = ['a', 'b'].flatMap((name) => readdirSync(path.join(folder, name)).map((file) => [name, file] as const));
  const lane = async () => {
    for (let file = files.pop(); file !== undefined; file = files.pop()) {
      const image = sharp()(path.join(folder, ...file), { failOn: 'warning', ignoreIcc: true });
      await image.removeAlpha().toColourspace('srgb').raw().toBuffer();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

/** Measures each way of reading, turn by turn. */
export async function benchReading(
  { quick, only }: Pick<BenchOptions, 'quick' | 'only'>,
  progress: (text: string) => void,
): Promise<ReadingRow[]> {
  const [turns, pictures] = quick ? [3, 300] : [7, 1000];
  const base = mkdtempSync(path.join(tmpdir(), 'samebits-reading-'));
  const [source, cache] = [path.join(base, 'pictures'), path.join(base, 'cache')];
  const open = async (workers?: number) => (await openDataset({ source, imageSize: side, cache, workers })).dispose();
  const first = (workers?: number) => async () => {
    rmSync(cache, { recursive: true, force: true });
    return () => open(workers);
  };
  const ways: Record<string, () => Promise<() => Promise<void>>> = {
    'decoder alone, 4 at once': async () => () => decodeAll(source, 4),
    'first time': async () => first()(),
    'first time, 8 at once': async () => first(8)(),
    'again, by times': async () => {
      await open();
      return () => open();
    },
  };
  const all = Object.entries(ways).filter(([name]) => name.includes(only));
  const rows = all.map(([name]): ReadingRow => ({ name, pictures, wall: [], processor: [] }));
  try {
    progress('drawing pictures');
    await makeFolder(source, pictures);
    for (let turn = 0; turn < turns; turn++) {
      for (const i of all.keys()) {
        const at = (turn + i) % all.length;
        const [name, prepare] = all[at]!;
        const way = await prepare();
        progress(`${name}, turn ${turn + 1} of ${turns}`);
        const [before, began] = [process.cpuUsage(), process.hrtime.bigint()];
        await way();
        rows[at]!.wall.push(Number(process.hrtime.bigint() - began) * 1e-9);
        const { user, system } = process.cpuUsage(before);
        rows[at]!.processor.push((user + system) * 1e-6);
      }
    }
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
  return rows;
}

/** Pictures a second by the median turn and the best one, and processor time of each picture. */
export function readingPage(rows: readonly ReadingRow[]): string {
  const head = ['reading', 'pictures a second: median', 'best', 'processor ms a picture'];
  const lines = rows.map(({ name, pictures, wall, processor }) => {
    const { median, min } = spread(wall);
    const each = milliseconds(spread(processor).median / pictures);
    return [name, digits(pictures / median), digits(pictures / min), each];
  });
  return textTable(head, lines);
}
