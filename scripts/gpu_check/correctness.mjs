// What each step that decides does beside the cases: what it runs, what it compares, and what of it is kept.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root, values } from './child.mjs';
import { digestFault, fault, StepComparison } from './compare.mjs';
import { nowhere } from './result.mjs';

const verdict = (reason, figures) => ({ passed: reason === undefined, figures, ...(reason && { reason }) });

/** Sums that race: in deterministic mode one bit pattern, in atomic mode more, or nothing here could show a difference. */
export async function control({ ours, runs }, signal) {
  const [figures] = await ours('race', { runs }, { signal });
  const { deterministic, atomic } = figures;
  const holds = deterministic === 1 && atomic > 1;
  return verdict(
    holds ? undefined : `expected 1 bit pattern and more than 1, got ${deterministic} and ${atomic}`,
    figures,
  );
}

/** The digest of all results of each function on the device, or of some, against the one recorded of the CPU. */
export async function functions({ programs, which, names = [] }, signal, kept = nowhere()) {
  const { functions: recorded } = JSON.parse(readFileSync(path.join(root, 'native/prove/digests.json'), 'utf8'));
  kept.figures.found = [];
  const onValue = (row) => {
    kept.figures.found.push(row);
    kept.note(row);
  };
  const found = await values(programs.prove, [which === 'slice' ? '64' : '1', ...names], { signal, onValue });
  const asked = Object.entries(recorded).filter(([name]) => names.length === 0 || names.includes(name));
  const wanted = Object.fromEntries(asked.map(([name, digests]) => [name, digests[which]]));
  return verdict(digestFault(wanted, found), kept.figures);
}

/** Trains on the device for as many steps as `golden` holds of the CPU, and compares step by step; stops at the first that differs. */
export async function training({ ours, model, golden }, signal, kept = nowhere()) {
  const comparison = new StepComparison();
  for (const line of golden) comparison.take('cpu', line);
  const side = { device: 'cuda', steps: golden.length };
  const ends = await compared(comparison, golden.length, kept, signal, (watch) => [
    ours('train', { model, ...side }, watch('device')),
  ]);
  const figures = { ...comparison.figures(golden.length), ...(ends && { device: ends[0] }) };
  return verdict(fault(figures, golden.length), figures);
}

/** Times epochs in both modes, then trains one on the CPU and on the device at once and compares step by step. */
export async function epochs({ ours, model, runs, firstSteps }, signal, kept = nowhere()) {
  const { figures } = kept;
  for (const mode of ['deterministic', 'atomic']) {
    [figures[mode]] = await ours('epoch', { model, mode, runs }, { signal });
    kept.note({ mode, ...figures[mode] });
  }
  const comparison = new StepComparison();
  const ends = await compared(comparison, firstSteps, kept, signal, (watch) => [
    ours('train', { model, device: 'cpu', steps: 0 }, watch('cpu')),
    ours('train', { model, device: 'cuda', steps: 0 }, watch('device')),
  ]);
  Object.assign(figures, comparison.figures(firstSteps), ends && { cpu: ends[0], device: ends[1] });
  return verdict(fault(figures), figures);
}

/** Runs trainings into a comparison until the first difference; the last lines of each, undefined where one was stopped. */
async function compared(comparison, firstSteps, kept, signal, start) {
  const differs = new AbortController();
  const watch = (side) => ({
    signal: AbortSignal.any([signal, differs.signal]),
    onValue(line) {
      comparison.take(side, line);
      kept.note({ side, ...line });
      Object.assign(kept.figures, comparison.figures(firstSteps));
      if (comparison.difference !== undefined) differs.abort();
    },
  });
  try {
    return (await Promise.all(start(watch))).map((lines) => lines.at(-1));
  } catch (error) {
    if (comparison.difference === undefined) throw error;
    return undefined;
  }
}

/** Trains several times in atomic mode; runs that are all the same would mean that nothing was measured. */
export async function atomicRuns({ ours, runs, steps }, signal) {
  const [figures] = await ours('spread', { mode: 'atomic', runs, steps }, { signal });
  return verdict(figures.distinct > 1 ? undefined : 'expected runs that differ, got one bit pattern', figures);
}
