/** The pictures of the trainings. As a program: prepares them once, so that no training waits for them, and says which. */
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { type Dataset, openDataset } from '../../../lib/data/index.js';
import { answer, readTask, type Task } from './task.js';

export function openPictures({ data, imageSize, samples, cache }: Task): Promise<Dataset> {
  return openDataset({ source: data, imageSize, cache, ...(samples > 0 && { samples }) });
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const pictures = await openPictures(readTask());
  answer({ digest: pictures.digest, samples: pictures.train.length, classes: pictures.classNames });
  pictures.dispose();
}
