// The order in which test files begin: those that build or train for minutes first, so that no worker is left alone with one of
// them at the end; then the rooms that share a process, one after another; then the rest, the largest files first.

import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { root } from '../architecture/sources.js';

/** The longest files that have a process of their own, as a quiet machine of two cores takes them. */
const longest = [
  'guards/guards',
  'conformance/native_program',
  'docs/blocks',
  'determinism/device',
  'forms/forms',
  'determinism/training',
  'ptx/ptx',
  'shim/recorded',
  'experiments/killed',
  'experiments/replay',
  'experiments/sources',
].map((name) => path.join(root, 'test', `${name}.test.ts`));

/** Where a file stands before its size is asked for. */
function rank({ moduleId, project }: TestSpecification): number {
  const place = longest.indexOf(moduleId);
  if (place >= 0) return place;
  return longest.length + (project.name === 'together' ? 0 : 1);
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const bySize = await super.sort(files);
    return bySize.toSorted((a, b) => rank(a) - rank(b));
  }
}
