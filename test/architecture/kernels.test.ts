// Every kernel of the addon is run by a test that knows what it must give: by a case, or by a piece of work that a case file has beside them.

import { describe, expect, it } from 'vitest';
import type { NativeSettings, NativeTensor } from '../../lib/addon/index.js';
import { capabilities, Runtime } from '../../lib/index.js';
import { claimedCases, runClaimed } from '../determinism/claims.js';
import { loadPieces } from '../support/case_files.js';
import { text } from './sources.js';

const pieces = await loadPieces();
const kernelOf = (title: string) => title.split(' ')[0]!;

const seen = new Set<string>();

/** A runtime that notes the kernels it runs. */
class NotingRuntime extends Runtime {
  override run(kernel: string, tensors: (NativeTensor | null)[], settings: NativeSettings): void {
    seen.add(kernel);
    super.run(kernel, tensors, settings);
  }
}

using runtime = new NotingRuntime({ threads: 2 });
for (const claimed of await claimedCases()) runClaimed(runtime, claimed);

describe('every kernel', () => {
  it.each(capabilities().kernels)(
    '%s is run by a case, or by a piece that names the test that knows what it gives',
    (kernel) => {
      const own = pieces.filter(({ title }) => kernelOf(title) === kernel);
      expect(seen.has(kernel), `a case of ${kernel}, or else a piece`).toBe(own.length === 0);
      for (const {
        judged: [file, by],
      } of own)
        expect(text(file)).toContain(by);
    },
  );

  it('that a piece names exists', () => {
    expect(pieces.filter(({ title }) => !capabilities().kernels.includes(kernelOf(title)))).toEqual([]);
  });
});
