/**
 * The formats of what commands print with `--json`: each has a name and a number, which stand in what is printed, and a JSON schema.
 * The number of a format goes up when a field goes, changes its name, its type or its meaning; a field more leaves it as it is.
 */
import { lazySchema } from '../../lazy/index.js';
import { diff, verify } from './audits.js';
import { compare, compareModels } from './comparing.js';
import { classify, gradcam, gradcamPairs } from './explaining.js';
import { count, evaluate } from './judging.js';
import { info, tensor, weights } from './machine.js';
import { prune, report, studyReport, studyRun, studyStatus, studySubmit } from './studies.js';
import { attribute, train } from './training.js';
import type { Zod } from './words.js';

/** Every format, by the command that prints it. */
export const formats = {
  train: { version: 1, schema: train },
  compare: { version: 1, schema: compare },
  'compare-models': { version: 1, schema: compareModels },
  verify: { version: 1, schema: verify },
  diff: { version: 1, schema: diff },
  attribute: { version: 1, schema: attribute },
  'study-run': { version: 1, schema: studyRun },
  'study-submit': { version: 1, schema: studySubmit },
  'study-status': { version: 1, schema: studyStatus },
  'study-report': { version: 1, schema: studyReport },
  evaluate: { version: 1, schema: evaluate },
  classify: { version: 1, schema: classify },
  gradcam: { version: 1, schema: gradcam },
  'gradcam-pairs': { version: 1, schema: gradcamPairs },
  count: { version: 1, schema: count },
  weights: { version: 1, schema: weights },
  'weights-tensor': { version: 1, schema: tensor },
  prune: { version: 1, schema: prune },
  report: { version: 1, schema: report },
  info: { version: 1, schema: info },
} as const;

/** The name of a format. */
export type FormatName = keyof typeof formats;

/** All names, in the order of help. */
export const formatNames = Object.keys(formats) as FormatName[];

const zod = lazySchema((z): Zod => z);

/** What stands first in every result. */
export const formatOf = (name: FormatName) => ({ name: `samebits-${name}`, version: formats[name].version });

/**
 * The JSON schema of a format (draft 2020-12). It lets fields pass that it does not know, so that what a later version of the
 * package adds does no harm; `only` makes one that does not, which tests hold the commands to.
 */
export function jsonSchema(name: FormatName, { only = false } = {}): Record<string, unknown> {
  const z = zod();
  const told = formatOf(name);
  const format = z.object({ name: z.literal(told.name), version: z.literal(told.version) });
  const options = { target: 'draft-2020-12', io: only ? 'output' : 'input' } as const;
  const { $schema, properties, required, ...rest } = z.toJSONSchema(formats[name].schema(z), options);
  const { $schema: _, ...ofFormat } = z.toJSONSchema(format, options);
  return {
    ...{ $schema, $id: `urn:samebits:schema:${name}:${told.version}`, title: `${told.name}, version ${told.version}` },
    ...rest,
    properties: { format: ofFormat, ...properties },
    required: ['format', ...(required ?? [])],
  };
}
