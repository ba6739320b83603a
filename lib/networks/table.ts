/** The models that can be asked for by name. */
import { ArgumentError, show } from '../errors/index.js';
import type { ModelDefinition } from '../models/index.js';
import * as members from './members.js';

/** The models, by name. */
export const models: Readonly<Record<string, ModelDefinition>> = Object.fromEntries(
  Object.values(members)
    .map((definition) => [definition.name, definition] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);

/** The definition of a model of the table. Throws ArgumentError for an unknown name; `beside` words what else it may be. */
export function modelNamed(who: string, name: string, beside = ''): ModelDefinition {
  const definition = Object.hasOwn(models, name) ? models[name] : undefined;
  if (definition !== undefined) return definition;
  const expected = `model to be one of ${Object.keys(models).map(show).join(', ')}${beside}`;
  throw new ArgumentError({ who, expected, got: show(name) });
}
