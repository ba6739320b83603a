// Claim: the same bits whatever floating-point state another addon left in the thread (flush to zero, denormals are
// zero, rounding upwards), and that state is still there afterwards. Control: unguarded native code is changed by it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NativeSettings, NativeTensor } from '../../lib/addon/index.js';
import { createRuntime, Runtime, type RuntimeOptions } from '../../lib/index.js';
import type { Floats } from '../cases/case.js';
import { expectSameResult } from '../support/compare.js';
import { drawStrange } from '../support/inputs.js';
import { extremeTargets } from '../support/targets.js';
import { claimedCases, kSeed, runClaimed } from './claims.js';
import { type Hostile, loadHostile, underHostileState } from './hostile.js';

const cases = await claimedCases();
let hostile: Hostile;

beforeAll(() => {
  hostile = loadHostile();
});

/** A runtime that is started, and whose every kernel is called, under the hostile state. */
class HostileRuntime extends Runtime {
  statesKept = true;

  static start(options: RuntimeOptions): HostileRuntime {
    return underHostileState(hostile, () => new HostileRuntime(options)).result;
  }

  override run(kernel: string, tensors: (NativeTensor | null)[], settings: NativeSettings): void {
    const { stateKept } = underHostileState(hostile, () => super.run(kernel, tensors, settings));
    this.statesKept &&= stateKept;
  }
}

const tiny = (x: Floats): Floats => ({ ...x, data: x.data.map((value) => value * 2 ** -70) });

describe.each(extremeTargets)('$name', ({ isa, mode }) => {
  const calm = createRuntime({ isa, mode, threads: 2 });
  let disturbed: HostileRuntime;
  beforeAll(() => {
    disturbed = HostileRuntime.start({ isa, mode, threads: 2 });
  });
  afterAll(() => {
    calm.dispose();
    disturbed.dispose();
  });
  it.each(cases)(`$title keeps its bits, and the hostile state is still there afterwards, seed ${kSeed}`, (claimed) => {
    disturbed.statesKept = true;
    const draws = {
      'ordinary values': claimed.inputs(),
      'values whose products are denormal': claimed.inputs().map(tiny),
      'strange values': drawStrange(claimed.case.inputs, kSeed),
    };
    for (const [name, inputs] of Object.entries(draws)) {
      expectSameResult(name, runClaimed(disturbed, claimed, inputs), runClaimed(calm, claimed, inputs));
    }
    expect(disturbed.statesKept, 'the hostile state after each call').toBe(true);
  });
});

describe('control', () => {
  it('the hostile state flushes a denormal product and rounds upwards in unguarded code', () => {
    const calm = [hostile.multiply(2 ** -100, 2 ** -40), hostile.multiply(1 + 2 ** -23, 1 + 2 ** -23)];
    expect(calm).toEqual([2 ** -140, 1 + 2 ** -22]);
    const { result } = underHostileState(hostile, () => [
      hostile.multiply(2 ** -100, 2 ** -40),
      hostile.multiply(1 + 2 ** -23, 1 + 2 ** -23),
    ]);
    expect(result).toEqual([0, 1 + 2 ** -22 + 2 ** -23]);
  });
});
