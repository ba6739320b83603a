/** One sample of data, to be explained. */
import type { Split, SplitName } from '../data/index.js';
import { ArgumentError, show } from '../errors/index.js';
import { arePictures, type DataSettings, openData } from '../tasks/index.js';
import type { Shape } from '../tensor/index.js';
import { type Sight, sampleSight } from './sight.js';

const who = 'explain sample';

/** Split and number. Throws ArgumentError for what is no `train:0` or `validation:3`. */
function placeOf(text: string): { name: SplitName; index: number } {
  const [, name, digits] = /^(train|validation|test):(\d{1,15})$/.exec(text) ?? [];
  if (name === undefined) {
    throw new ArgumentError({ who, expected: 'a split and a number, as in validation:3', got: show(text) });
  }
  return { name: name as SplitName, index: Number(digits) };
}

/**
 * Opens data and reads the sample `validation:3` or the like. Rejects with ArgumentError for a split or sample that is not
 * there or of another shape, and with what the data refuse. Pictures are read in the size of the sample's shape.
 */
export async function readSample(from: DataSettings, text: string, sampleShape: Shape): Promise<Sight> {
  const { name, index } = placeOf(text);
  const settings = arePictures(from) ? { ...from, imageSize: sampleShape[0]! } : from;
  const { dataset } = await openData(settings, { who: 'gradcam' });
  try {
    return sightAt(dataset[name], name, index, sampleShape);
  } finally {
    dataset.dispose();
  }
}

function sightAt(split: Split | undefined, name: string, index: number, sampleShape: Shape): Sight {
  if (split === undefined || index >= split.length) {
    const there = split === undefined ? 'data without it' : `data with ${split.length}, numbered from 0`;
    throw new ArgumentError({ who, expected: `sample ${index} of ${name}`, got: there });
  }
  const sight = sampleSight(who, `${name}:${index}`, split.read([index]).x.slice(), split.sampleShape);
  sight.check(who, sampleShape);
  return sight;
}
