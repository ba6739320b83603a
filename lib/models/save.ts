/**
 * How a model becomes a file. Files are made of models, so the room that writes them stands above this one; when it is loaded, as
 * `import 'samebits'` does, it says here how that is done. Nothing else is ever set here.
 */
import { ArgumentError } from '../errors/index.js';
import type { Model } from './model.js';

/** What `model.save` takes. */
export interface SaveOptions {
  /** Whether a compiled model is written with how it learns and what its optimizer remembers. Default true. */
  optimizer?: boolean;
}

export type SaveModel = (model: Model, path: string, options: SaveOptions) => Promise<void>;

let provided: SaveModel | undefined;

/** Says how a model is written. */
export function provideSave(save: SaveModel): void {
  provided = save;
}

/** That. Throws ArgumentError where only this room was loaded. */
export function savedBy(): SaveModel {
  if (provided !== undefined) return provided;
  const hint = "import 'samebits', and not a part of it";
  throw new ArgumentError({ who: 'save', expected: 'lib/exchange to be loaded beside save', got: 'none', hint });
}
