/** Folders that are splits by their names but not by those that are read: refused before they are taken for classes. */
import { join } from 'node:path';
import { DataError, show } from '../errors/index.js';
import { entriesOf } from './listing.js';

/** What splits are called, in lower case. */
const splitWords = new Set([
  ...['train', 'training', 'trainset', 'train_set', 'training_set', 'trn'],
  ...['validation', 'valid', 'val', 'validate', 'validation_set', 'val_set', 'valset', 'dev', 'eval', 'evaluation'],
  ...['test', 'testing', 'tests', 'testset', 'test_set', 'tst', 'holdout'],
]);

const isSplitWord = (name: string): boolean => splitWords.has(name.toLowerCase());

const holdsFolders = (who: string, folder: string): boolean =>
  entriesOf(who, folder).some(({ name, kind }) => kind === 'folder' && !name.startsWith('.'));

/**
 * Throws DataError where the class folders are splits: where all of them are called so, or at least half of them are and
 * hold folders themselves, as a split holds its classes. A class of that name among others is a class.
 */
export function expectNoSplits(who: string, folder: string, classNames: readonly string[]): void {
  const named = classNames.filter(isSplitWord);
  if (named.length === 0) return;
  const holding = named.filter((name) => holdsFolders(who, join(folder, name)));
  const all = named.length === classNames.length && (classNames.length > 1 || holding.length > 0);
  if (!all && 2 * holding.length < classNames.length) return;
  const hint =
    'a folder with train/ and validation/ is read as both splits, each with one folder a class; ' +
    'name them so, or give the two folders by themselves as source and validation';
  throw new DataError({
    who,
    expected: `class folders in ${show(folder)}`,
    got: `splits: ${(all ? named : holding).map(show).join(', ')}`,
    hint,
  });
}
