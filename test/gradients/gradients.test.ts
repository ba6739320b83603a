// Every gradient against central differences of the float64 judge, with a random upstream gradient. Inputs drawn
// with ties or on the edge of a clip have no derivative there and are checked in test/conformance alone.

import { describe, expect, it } from 'vitest';
import { slopeAlong, slopes } from '../support/differences.js';
import { drawInputs } from '../support/inputs.js';
import { drawUpstream, loadTables, runCase, toValues } from '../support/run_case.js';
import { keptRuntime, targets } from '../support/targets.js';

const kSeed = 77;
const tables = (await loadTables()).filter(({ differentiable }) => differentiable.includes(true));

describe.each(tables.map((table) => ({ op: table.op, table })))('$op', ({ table }) => {
  const smooth = table.cases.filter(
    ({ bench, inputs }) => !bench && inputs.every(({ draw }) => draw !== 'ties' && draw !== 'saturated'),
  );
  const wanted = table.differentiable.flatMap((yes, i) => (yes ? [i] : []));

  it('has a case whose gradient differences can measure', () => {
    expect(smooth.length).toBeGreaterThan(0);
  });

  it.each(smooth)(`$name gradients are the slopes of the judge, seed ${kSeed}`, ({ inputs, settings }) => {
    const drawn = drawInputs(inputs, kSeed);
    const values = drawn.map(toValues);
    const dy = toValues(drawUpstream(table.judge(values, settings).shape, kSeed));
    const measured = wanted.map((place) =>
      slopes((moved) => table.judge(values.with(place, moved), settings), values[place]!, dy, kSeed + place),
    );
    for (const target of targets) {
      const result = runCase(keptRuntime(target, 2), table, settings, drawn, kSeed);
      wanted.forEach((place, k) => {
        const gradient = toValues(result.gradients[place]!);
        const scale = Math.max(...measured[k]!.map(({ slope }) => Math.abs(slope)));
        for (const one of measured[k]!) {
          const error = Math.abs(slopeAlong(gradient.data, one) - one.slope);
          expect(error, `${target.name} input ${place}`).toBeLessThanOrEqual(2e-4 * scale + 1e-7);
        }
      });
    }
  });
});
