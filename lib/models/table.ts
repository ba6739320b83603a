/** The models that can be asked for by name: one line each. */
import { ArgumentError, show } from '../errors/index.js';
import type { ModelDefinition } from './definition.js';
import { kerasConvnetDefinition } from './keras_convnet.js';
import { miniXceptionConvDefinition, miniXceptionDefinition } from './mini_xception.js';

/** The models, simplest first. */
export const models: Readonly<Record<string, ModelDefinition>> = {
  keras_convnet: kerasConvnetDefinition,
  mini_xception: miniXceptionDefinition,
  mini_xception_conv: miniXceptionConvDefinition,
};

/** The definition of a model of the table. Throws ArgumentError for an unknown name; `beside` words what else it may be. */
export function modelNamed(who: string, name: string, beside = ''): ModelDefinition {
  const definition = Object.hasOwn(models, name) ? models[name] : undefined;
  if (definition !== undefined) return definition;
  const expected = `model to be one of ${Object.keys(models).map(show).join(', ')}${beside}`;
  throw new ArgumentError({ who, expected, got: show(name) });
}
