/** Where a network that classifies pictures looked for classes of some ranks: a Grad-CAM of each, on every target. */
import type { Rgb } from '../data/index.js';
import { ArgumentError, integerOption, show } from '../errors/index.js';
import type { Model } from '../models/index.js';
import { hashOf } from './explainer.js';
import { type GradCam, gradCam } from './grad_cam.js';
import { type HeatMap, resizeHeat } from './heat_map.js';
import { overlay } from './overlay.js';

/** Where the network looked for one class of a picture. */
export interface ClassifiedHeat {
  rank: number;
  class: string;
  /** The layer whose maps were weighted, and their height and width. */
  layer: string;
  maps: [height: number, width: number];
  /** False where nothing speaks for the class. */
  hasHeat: boolean;
  /** The hash of the map (docs/contract.md, Hashes) on each target: equal hashes are equal bits. */
  hashes: string[];
}

/** A heat map laid over its picture. */
export interface HeatOverlay {
  /** The file of the picture, and which one it is of those given, from 0. */
  path: string;
  picture: number;
  rank: number;
  class: string;
  image: Rgb;
}

/** The map of each rank of one picture on one target. */
export type HeatsOfTarget = readonly GradCam[];

/** Throws ArgumentError for ranks that are none, or twice the same. */
export function checkRanks(who: string, ranks: readonly number[]): readonly number[] {
  for (const rank of ranks) integerOption(who, 'gradcam', rank, 1);
  if (new Set(ranks).size === ranks.length) return ranks;
  throw new ArgumentError({ who, expected: 'every rank of gradcam once', got: show([...ranks]) });
}

/** Throws ArgumentError for ranks behind the last class. */
export function checkRanksExist(ranks: readonly number[], classes: number): void {
  const beyond = ranks.find((rank) => rank > classes);
  if (beyond === undefined) return;
  throw new ArgumentError({ who: 'classify gradcam', expected: `ranks from 1 to ${classes}`, got: `${beyond}` });
}

/** The maps of these classes of a picture, whose values are as the network takes them. */
export const heatsOf = (model: Model, values: Float32Array, labels: readonly number[]): HeatsOfTarget =>
  labels.map((label) => gradCam(model, values, { class: label }));

/** What is told of the maps of one rank, one for each target. */
export function heatFacts(rank: number, name: string, cams: readonly GradCam[]): ClassifiedHeat {
  const { layer, heat, peak } = cams[0]!;
  return {
    ...{ rank, class: name, layer },
    maps: [heat.height, heat.width],
    hasHeat: peak > 0,
    hashes: cams.map((cam) => hashOf(cam.heat)),
  };
}

/** The map in the picture's size, over the picture. */
export function heatOver({ runtime }: Model, picture: Rgb, heat: HeatMap): Rgb {
  return overlay(picture, resizeHeat(runtime, heat, [picture.height, picture.width]));
}
