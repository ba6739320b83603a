// What each step that decides does: what it runs, what it compares, and what of it is kept.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root, run, values } from './child.mjs';
import { digestFault, fault, StepComparison } from './compare.mjs';
import { notRun } from './runner.mjs';
import { findTool } from './tools.mjs';

const verdict = (reason, figures) => ({ passed: reason === undefined, figures, ...(reason && { reason }) });

/** Runs every case on the device; what the program says of cases that fail is kept. */
export async function conformance({ programs, cases, runs }, signal) {
  const lines = [];
  const onLine = (line) => lines.push(line);
  const flags = ['cases', cases, '--device', 'cuda', '--runs', String(runs)];
  const { status, said } = await run(programs.conformance, flags, { signal, onLine });
  const last = lines.at(-1) ?? '';
  if (status > 1 || status === null || !last.startsWith('{'))
    throw new Error(`expected the cases to be run, got exit code ${status}: ${said.slice(-600)}`);
  const figures = { ...JSON.parse(last), faults: lines.slice(0, -1) };
  return verdict(status === 0 ? undefined : (figures.faults[0] ?? `exit code ${status}`), figures);
}

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
export async function functions({ programs, which, names = [] }, signal) {
  const { functions: recorded } = JSON.parse(readFileSync(path.join(root, 'native/prove/digests.json'), 'utf8'));
  const found = await values(programs.prove, [which === 'slice' ? '64' : '1', ...names], { signal });
  const asked = Object.entries(recorded).filter(([name]) => names.length === 0 || names.includes(name));
  const wanted = Object.fromEntries(asked.map(([name, digests]) => [name, digests[which]]));
  return verdict(digestFault(wanted, found), found);
}

/** Trains on the CPU and on the device at once and compares step by step; stops at the first that differs. */
export async function training({ ours, model, firstSteps }, signal) {
  const comparison = new StepComparison();
  const differs = new AbortController();
  const side = async (name, device) => {
    const onValue = (line) => {
      comparison.take(name, line);
      if (comparison.difference !== undefined) differs.abort();
    };
    const lines = await ours(
      'train',
      { model, device },
      { signal: AbortSignal.any([signal, differs.signal]), onValue },
    );
    return lines.at(-1);
  };
  let ends = [];
  try {
    ends = await Promise.all([side('cpu', 'cpu'), side('device', 'cuda')]);
  } catch (error) {
    if (comparison.difference === undefined)
      throw Object.assign(new Error(error.message), { figures: comparison.figures(firstSteps) });
  }
  const figures = { ...comparison.figures(firstSteps), cpu: ends[0], device: ends[1] };
  return verdict(fault(figures), figures);
}

/** Trains several times in atomic mode; runs that are all the same would mean that nothing was measured. */
export async function atomicRuns({ ours, runs, steps }, signal) {
  const [figures] = await ours('spread', { mode: 'atomic', runs, steps }, { signal });
  return verdict(figures.distinct > 1 ? undefined : 'expected runs that differ, got one bit pattern', figures);
}

/** Some of the cases under a tool of compute-sanitizer. */
export async function sanitizer({ programs, cases, tool, every, command = findTool('compute-sanitizer') }, signal) {
  if (command === undefined) return notRun('no compute-sanitizer');
  const lines = [];
  const cased = [programs.conformance, 'cases', cases, '--device', 'cuda', '--runs', '1', '--every', String(every)];
  const { status } = await run(command, ['--tool', tool, '--error-exitcode', '9', ...cased], {
    signal,
    onLine: (line) => lines.push(line),
  });
  const said = lines.filter((line) => line.startsWith('========='));
  const summary = said.findLast((line) => line.includes('SUMMARY')) ?? 'no summary';
  const ran = lines.some((line) => line.startsWith('{"target":"cuda/'));
  const reason = status === 0 && ran ? undefined : `${summary} (exit code ${status})`;
  return verdict(reason, { summary, every, said: said.slice(0, 60) });
}
