/** The config of a network out of a file: `.keras`, of which nothing but the config is read, or JSON. */
import { readFileSync, statSync } from 'node:fs';
import { type ClassConfig, expectClassConfig, noClasses, type Registry } from '../classes/index.js';
import { FileError, show } from '../errors/index.js';
import { reason } from '../files/index.js';
import { openZip } from '../formats/index.js';
import { refuseCode } from './code.js';

const who = 'readModelConfig';

/** Bytes of the largest config, and of the largest file that is held in memory to find it. */
const largestConfig = 2 ** 26;
const largestFile = 2 ** 31 - 1;

/** The bytes of a regular file of bounded size. */
function bytesOf(path: string, limit: number): Uint8Array {
  const about = statSync(path);
  if (!about.isFile()) throw new Error('no regular file');
  if (about.size > limit) throw new Error(`${about.size} bytes where at most ${limit} are read`);
  return readFileSync(path);
}

/**
 * The config of the network in a `.keras` file (only its `config.json` is read, no weights) or a JSON file, for
 * `modelFromConfig`. Nothing that it names is run, opened or fetched. Throws FileError for a file that is neither, DataError
 * for JSON that is no config, and ArgumentError for Lambda layers and pickled objects, by name.
 * Example: `modelFromConfig(readModelConfig('net.keras'))`.
 */
export function readModelConfig(path: string, { custom = noClasses }: { custom?: Registry } = {}): ClassConfig {
  const packed = path.endsWith('.keras');
  let config: unknown;
  try {
    const bytes = packed
      ? openZip(bytesOf(path, largestFile), path).read('config.json', largestConfig)
      : bytesOf(path, largestConfig);
    config = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    const expected = `${packed ? 'a .keras file' : 'a config in JSON'} ${show(path)}`;
    throw new FileError({ who, expected, got: cause instanceof FileError ? cause.got : reason(cause) }, { cause });
  }
  refuseCode(who, config, custom);
  return expectClassConfig(who, `a network in ${show(path)}`, config);
}
