// What is left out of a dataset is counted by reason, said in lines, and never silent.

import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDataset } from '../../lib/data/index.js';
import { descriptionLines } from '../../lib/progress/index.js';
import { pngBytes, put, temporaryFolder, twoClasses } from './pictures.js';

it('counts every kind of name that is no picture, with its endings and the first of them', async () => {
  const folder = await twoClasses();
  const png = await pngBytes(9);
  put(folder, { 'a/3.bmp': 'x', 'a/4.BMP': 'x', 'a/notes.txt': 'x', 'b/README': 'x', 'a/.DS_Store': 'x' });
  put(folder, { '.git/config': 'x', 'list.csv': 'x', 'a/0.png': 'x', 'b/9.PNG': png, 'b/more/1.Png': png });
  symlinkSync(join(folder, 'a'), join(folder, 'b/again'));
  execFileSync('mkfifo', [join(folder, 'a/pipe.png')]);
  const dataset = await openDataset({ source: folder, imageSize: 4, cache: false, damaged: 'skip', samples: 4 });
  dataset.dispose();
  const { description } = dataset;
  expect(description).toEqual({
    sampleShape: [4, 4, 3],
    targets: { kind: 'class', shape: [], classes: 2 },
    digest: dataset.digest,
    splits: [
      {
        name: 'train',
        samples: 3,
        classes: [
          { name: 'a', samples: 1 },
          { name: 'b', samples: 2 },
        ],
      },
    ],
    leftOut: [
      { split: 'train', reason: 'ending', count: 4, endings: { '.bmp': 2, '': 1, '.txt': 1 }, first: 'a/3.bmp' },
      { split: 'train', reason: 'hidden', count: 2, endings: { '': 2 }, first: '.git' },
      { split: 'train', reason: 'outside', count: 1, endings: { '.csv': 1 }, first: 'list.csv' },
      { split: 'train', reason: 'link', count: 1, endings: { '': 1 }, first: 'b/again' },
      { split: 'train', reason: 'irregular', count: 1, endings: { '.png': 1 }, first: 'a/pipe.png' },
      { split: 'train', reason: 'samples', count: 3, endings: { '.png': 3 }, first: 'a/2.png' },
      { split: 'train', reason: 'damaged', count: 1, endings: { '.png': 1 }, first: 'a/0.png' },
    ],
    damaged: [{ split: 'train', path: 'a/0.png', reason: 'the file is none of jpeg, png, gif, webp' }],
  });
  expect(JSON.parse(JSON.stringify(description))).toEqual(description);
  expect(descriptionLines(description)).toEqual([
    'train: 3 samples of 2 classes: a 1, b 2',
    "left out of train: 4 with an ending that is not read (.bmp 2, without ending 1, .txt 1), first 'a/3.bmp'",
    "left out of train: 2 hidden, their names begin with a dot (without ending 2), first '.git'",
    "left out of train: 1 beside the class folders (.csv 1), first 'list.csv'",
    "left out of train: 1 links to folders (without ending 1), first 'b/again'",
    "left out of train: 1 no regular files (.png 1), first 'a/pipe.png'",
    "left out of train: 3 behind the samples asked for (.png 3), first 'a/2.png'",
    "left out of train: 1 damaged (.png 1), first 'a/0.png'",
    "  'a/0.png': the file is none of jpeg, png, gif, webp",
  ]);
});

it('names what lies beside train/ and validation/, and both splits', async () => {
  const folder = temporaryFolder();
  const png = await pngBytes(1);
  put(folder, { 'train/a/1.png': png, 'train/b/1.png': png, 'validation/a/1.png': png, 'validation/b/1.gif': 'x' });
  put(folder, { 'validation/b/1.png': png, 'test/a/1.png': png, 'about.txt': 'x', 'validation/.x': '' });
  const dataset = await openDataset({ source: folder, imageSize: 4, cache: false, damaged: 'skip' });
  dataset.dispose();
  expect(descriptionLines(dataset.description)).toEqual([
    'train: 2 samples of 2 classes: a 1, b 1',
    'validation: 2 samples of 2 classes: a 1, b 1',
    "left out of train: 2 beside train/ and validation/ (without ending 1, .txt 1), first '../about.txt'",
    "left out of validation: 1 hidden, their names begin with a dot (without ending 1), first '.x'",
    "left out of validation: 1 damaged (.gif 1), first 'b/1.gif'",
    "  'b/1.gif': the file is none of jpeg, png, gif, webp",
  ]);
});

it('says nothing of what was left out where nothing was, and counts the synthetic pictures too', async () => {
  const dataset = await openDataset({ source: 'synthetic', imageSize: 8, samples: 5, cache: false });
  dataset.dispose();
  expect(descriptionLines(dataset.description)).toEqual([
    'train: 5 samples of 2 classes: bears 3, cats 2',
    'validation: 2 samples of 2 classes: bears 1, cats 1',
  ]);
});

it('names the first 20 of many classes, and no character of a name moves the cursor', () => {
  const classes = Array.from({ length: 23 }, (_, i) => ({ name: `c${i}\u001b[2J`, samples: i }));
  const description = {
    sampleShape: [1, 1, 3],
    digest: '',
    splits: [{ name: 'train', samples: 253, classes }],
  };
  const [line] = descriptionLines({ ...description, leftOut: [], damaged: [] } as never);
  const named = Array.from({ length: 20 }, (_, i) => `c${i}?[2J ${i}`).join(', ');
  expect(line).toBe(`train: 253 samples of 23 classes: ${named} and 3 more`);
});
