/**
 * sdnet2018: pictures of concrete in the folders of SDNET2018 (Dorafshan, Thomas and Maguire, 2018): D for bridge decks, P for
 * pavements, W for walls, and in each a folder of cracked and one of uncracked pictures: `D/CD/7001-1.jpg`, `D/UD/...`.
 */
import { join } from 'node:path';
import { ArgumentError, DataError, flagOption, show, wordOption } from '../../errors/index.js';
import { extensionFormats, type PictureFile } from '../folders.js';
import { extensionOf, type LeftOutPath } from '../left_out.js';
import { entriesOf, isFolder } from '../listing.js';
import type { PictureReader, ReaderOptions } from './reader.js';

const who = 'sdnet2018';

const surfaces = { D: 'deck', P: 'pavement', W: 'wall' } as const;
type Surface = keyof typeof surfaces;
const states = { U: 'uncracked', C: 'cracked' } as const;

function surfacesOf(given: unknown): Surface[] {
  const known = Object.keys(surfaces) as Surface[];
  const letters = typeof given === 'string' ? [...given] : [];
  const fits =
    letters.length > 0 && letters.every((one, i) => known.includes(one as Surface) && letters.indexOf(one) === i);
  if (fits) return known.filter((one) => letters.includes(one));
  throw new ArgumentError({ who, expected: `surfaces to be some of ${known.join('')}, each once`, got: show(given) });
}

const labelings = ['cracked', 'surface'] as const;

/** The classes: whether there is a crack, or that on each surface. */
const classNamesFor = (labels: (typeof labelings)[number], chosen: readonly Surface[]): string[] =>
  labels === 'cracked'
    ? Object.values(states)
    : chosen.flatMap((surface) => Object.values(states).map((state) => `${surfaces[surface]}_${state}`));

function list(folder: string, options: ReaderOptions) {
  const chosen = surfacesOf(options['surfaces'] ?? 'DPW');
  const labels = wordOption(who, 'labels', options['labels'] ?? 'cracked', labelings);
  const whole = flagOption(who, 'wholePhotos', options['wholePhotos'] ?? false);
  const files: PictureFile[] = [];
  const leftOut: LeftOutPath[] = [];
  chosen.forEach((surface, i) => {
    Object.keys(states).forEach((state, j) => {
      const below = `${surface}/${state}${surface}`;
      const at = join(folder, below);
      if (!isFolder(who, at)) throw new DataError({ who, expected: `a folder ${show(at)}`, got: 'none' });
      const before = files.length;
      for (const { name, kind } of entriesOf(who, at)) {
        const path = `${below}/${name}`;
        const isPicture = kind === 'file' && !name.startsWith('.') && extensionFormats.has(extensionOf(name));
        if (!isPicture) {
          leftOut.push({ path, reason: name.startsWith('.') ? 'hidden' : kind === 'file' ? 'ending' : 'irregular' });
          continue;
        }
        // The 256 x 256 pictures were cut out of photographs, whose number begins their names.
        const group = whole ? { group: `${surface}/${name.split('-')[0]}` } : {};
        files.push({ path, label: labels === 'cracked' ? j : 2 * i + j, ...group });
      }
      if (files.length === before) throw new DataError({ who, expected: `pictures in ${show(at)}`, got: 'none' });
    });
  });
  files.sort((a, b) => a.label - b.label);
  return { train: { folder, classNames: classNamesFor(labels, chosen), files, leftOut } };
}

export const sdnet2018: PictureReader = {
  kind: 'pictures',
  name: 'sdnet2018',
  what: 'a folder of SDNET2018, with D, P and W',
  takes: 'folder',
  options: ['surfaces', 'labels', 'wholePhotos'],
  targets: 'class',
  list,
};
