/** Losses, their names, and how they become plain data and come back. */
import { type ClassConfig, classConfig, classesOf, meant, type Registry } from '../classes/index.js';
import type { Loss, LossOption } from './loss.js';
import * as members from './members.js';

export type { Loss, LossOption, OutputForm } from './loss.js';
export * from './members.js';
export * as losses from './public.js';

const isLoss = (value: unknown): value is Loss => typeof (value as Loss | null)?.compute === 'function';
const lossClasses = classesOf<Loss>(members);

/** The loss an option means. Throws ArgumentError for an unknown name or class, DataError for a bad config. */
export function lossOption(who: string, value: LossOption, custom?: Registry): Loss {
  const meaning = { who, name: 'loss', what: 'a loss', classes: lossClasses, isThing: isLoss };
  return meant(value, { ...meaning, ...(custom && { custom }) });
}

/** The loss as plain data. Throws ArgumentError for one of the user's own that does not tell its config. */
export const lossConfig = (loss: Loss): ClassConfig => classConfig(loss, 'lossConfig');
