// Claim: every kernel really adds in the order that docs/contract.md states, on every target and with any number of
// threads. Found from outside, by masking (reveal_tree.ts). Controls that must be refused: the same kernel with its
// summands moved round by one place, and atomic mode wherever it splits or races (with a drawn order of arrival).

import { describe, expect, it } from 'vitest';
import { capabilities, type Runtime } from '../../lib/index.js';
import { loadCaseFiles } from '../support/case_files.js';
import { deterministicTargets, keptRuntime, targets } from '../support/targets.js';
import { testRuntime } from '../support/test_runtime.js';
import { type Probe, revealOrder } from './probe.js';
import { NoTree } from './reveal_tree.js';
import { treeDifference } from './tree.js';

const { kernels, contracts, joins } = capabilities();
const probes = (await loadCaseFiles()).flatMap((file) => [...file.probes()]);

const kThreads = [1, 2, 3, 7];
/** Orders of arrival of which one must be another than the contract's. */
const kArrivals = 20;

/** What is wrong with the order in which a runtime adds; undefined when it is the contract's. */
function fault(runtime: Runtime, probe: Probe): string | undefined {
  try {
    return treeDifference(revealOrder(runtime, probe), probe.tree!);
  } catch (error) {
    if (error instanceof NoTree) return error.message;
    throw error;
  }
}

/** The same kernel over the same summands, each numbered one place too early. */
const moved = (probe: Probe): Probe => {
  const next = (summand: number) => (summand + 1) % probe.summands;
  return {
    ...probe,
    put: (inputs, slot, summand, level) => probe.put(inputs, slot, next(summand), level),
    read: (outputs, slot, masks) =>
      probe.read(
        outputs,
        slot,
        masks.map(({ summand, level }) => ({ summand: next(summand), level })),
      ),
  };
};

const named = probes.map((probe): [string, Probe] => [`${probe.kernel} ${probe.title}`, probe]);

describe('the probes', () => {
  it('reach every kernel whose contract has sums: the case file of a new one brings its probes', () => {
    const probed = new Set(probes.map(({ kernel }) => kernel));
    const withSums = kernels.filter((kernel) => contracts[kernel]!.order !== 'none');
    expect(withSums.filter((kernel) => !probed.has(kernel))).toEqual([]);
  });

  it('find sums where the contract has some; gradients that meet are added by a kernel without', () => {
    const without = probes.filter(({ kernel }) => contracts[kernel]!.order === 'none').map(({ kernel }) => kernel);
    expect(new Set(without)).toEqual(new Set(['add.forward']));
  });

  it('have different titles, at least three summands and a tree over all of them', () => {
    expect(new Set(named.map(([name]) => name)).size).toBe(named.length);
    for (const [name, probe] of named) {
      expect(probe.summands, name).toBeGreaterThan(2);
      expect(probe.tree, name).toMatchObject({ size: probe.summands, first: 0 });
    }
  });

  it('show atomic mode for every kernel but those that have one function for both modes', () => {
    const shown = new Set(probes.filter(({ atomic }) => atomic).map(({ kernel }) => kernel));
    expect([...shown].sort()).toEqual([...joins].sort());
  });
});

describe.each(deterministicTargets)('$name', (target) => {
  it.each(named)('%s, with 1, 2, 3 and 7 threads', (_name, probe) => {
    for (const threads of kThreads) {
      const found = fault(keptRuntime(target, threads), probe);
      if (found !== undefined) expect.fail(`${threads} threads: ${found}`);
    }
  });
});

describe('control: summands moved round by one place are refused', () => {
  const target = deterministicTargets.at(-1)!;
  it.each(named)('%s', (_name, probe) => {
    expect(fault(keptRuntime(target, 2), moved(probe))).toBeDefined();
  });
});

describe.each(targets.filter(({ mode }) => mode === 'atomic'))('control: $name', (target) => {
  const { isa, mode } = target;
  it.each(named.filter(([, probe]) => probe.atomic === 'splits'))('splits and is refused: %s', (_name, probe) => {
    expect(fault(keptRuntime(target, 1), probe)).toBeDefined();
  });

  // Whether threads meet in so short a call is up to chance, so the order in which the parts arrive is drawn.
  it.each(named.filter(([, probe]) => probe.atomic === 'races'))(
    'joins as parts arrive and is refused: %s',
    (_name, probe) => {
      let refused = false;
      for (let seed = 0; seed < kArrivals && !refused; ++seed) {
        using runtime = testRuntime({ isa, mode, threads: 3, arrival: { seed } });
        refused = fault(runtime, probe) !== undefined;
      }
      expect(refused).toBe(true);
    },
  );

  it.each(named.filter(([, probe]) => !joins.includes(probe.kernel)))('has the same function: %s', (_name, probe) => {
    expect(fault(keptRuntime(target, 3), probe)).toBeUndefined();
  });
});
