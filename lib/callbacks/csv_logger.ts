/** csvLogger: the history as a CSV file, a row an epoch. */
import { existsSync, readFileSync } from 'node:fs';
import { ArgumentError, FileError, flagOption, show } from '../errors/index.js';
import { csvFile, reason, writeWhole } from '../files/index.js';
import type { EpochLogs, FitCallbacks } from '../models/index.js';
import { callbackMaker } from './callback.js';

/** What `csvLogger` takes. */
export interface CsvLoggerOptions {
  /** The file; it is written whole after each epoch. */
  filename: string;
  /** Whether rows go behind those that the file has. Default false: it begins anew. */
  append?: boolean;
}

function before(who: string, filename: string): string {
  try {
    return existsSync(filename) ? readFileSync(filename, 'utf8') : '';
  } catch (cause) {
    throw new FileError({ who, expected: `to read ${show(filename)}`, got: reason(cause) }, { cause });
  }
}

/**
 * Keeps what was measured in a file, a row an epoch, counted from 0: `csvLogger({ filename: 'log.csv' })`. A run that goes on has the
 * rows of the epochs before, too. Throws ArgumentError for an unknown or bad option, FileError where it cannot write.
 */
export const csvLogger = callbackMaker<CsvLoggerOptions, FitCallbacks>(
  { className: 'CSVLogger', word: 'csvLogger', options: ['filename', 'append'], decides: false },
  (who, { filename, append }) => {
    if (typeof filename !== 'string' || filename === '') {
      throw new ArgumentError({ who, expected: 'filename to be a path', got: show(filename) });
    }
    const appends = flagOption(who, 'append', append ?? false);
    let text = '';
    let rows: EpochLogs[] = [];
    const write = () => {
      const names = Object.keys(rows[0]?.logs ?? {});
      const cells = rows.map(({ epoch, logs }) => [epoch, ...names.map((name) => logs[name] ?? null)]);
      const table = csvFile(['epoch', ...names], cells);
      writeWhole(filename, text === '' ? table : text + table.slice(table.indexOf('\r\n') + 2));
    };
    return {
      onTrainBegin({ done }) {
        text = appends ? before(who, filename) : '';
        rows = text === '' ? [...done] : [];
      },
      onEpochEnd(epoch) {
        rows.push(epoch);
        write();
      },
    };
  },
);
