// Every special form of every kernel is taken by some case, on every instruction set of this machine: the kernels' bodies are
// compiled once more for gcov, the cases and drawn ones are run on them, and every line and instance has to be taken.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runChild } from '../support/child.js';
import { deterministicTargets } from '../support/targets.js';
import { buildMeasured, gcov, type Measured } from './build.js';
import { type Counts, countsOf, uncalled, untaken } from './counts.js';
import { forms, unreachable } from './forms.js';

const kMinutes = 60_000;
const kDrawn = 3;
const isas = deterministicTargets.map(({ isa }) => isa);
const program = await gcov();
const titled = (title: string) => (program ? title : `${title} (not run here: the compiler has no gcov)`);
const reachable = (found: readonly string[]) =>
  found.filter((one) => !unreachable.some(({ pattern }) => pattern.test(one)));

describe.skipIf(program === undefined)(titled('the forms of the kernels'), () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'samebits-forms-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let built: Measured;
  let counts: Counts;
  beforeAll(async () => {
    built = await buildMeasured();
    await runChild(new URL('./child.ts', import.meta.url), [String(kDrawn)], {
      SAMEBITS_ADDON: built.addon,
      GCOV_PREFIX: folder,
    });
    counts = await countsOf(program!, built.objects, folder);
  }, 20 * kMinutes);

  it.each(Object.entries(forms))('%s has its forms, and each of them is taken', (room, names) => {
    for (const name of names) {
      const found = [...counts.functions].filter(([key]) => {
        const [isa, file, ...rest] = key.split(' ') as [string, string, ...string[]];
        return isas.some((one) => one === isa) && file.includes(`/${room}`) && rest.join(' ').startsWith(name);
      });
      // Some forms exist only where registers are wide; elsewhere there is nothing to take.
      const known = [...counts.functions.keys()].some((key) => key.includes(`/${room}`) && key.includes(` ${name}`));
      expect(known, `${room}: ${name} is a function`).toBe(true);
      const idle = reachable(found.filter(([, count]) => count === 0).map(([key]) => key));
      expect(idle, `${name} is taken`).toEqual([]);
    }
  });

  it('every function and every instance of a template is called', () => {
    expect(reachable(uncalled(counts, isas))).toEqual([]);
  });

  it('every line that is no refusal is taken', () => {
    expect(reachable(untaken(counts, isas))).toEqual([]);
  });

  it('would be missed: without a run nothing is taken (control)', async () => {
    const nothing = await countsOf(program!, built.objects, path.join(folder, 'nothing'));
    expect(untaken(nothing, isas).length).toBeGreaterThan(1000);
    expect(uncalled(nothing, isas).length).toBe(
      [...nothing.functions.keys()].filter((key) => isas.some((isa) => key.startsWith(isa))).length,
    );
  });
});
