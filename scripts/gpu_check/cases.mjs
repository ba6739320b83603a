// Runs the cases of every operation on the device: plainly, under compute-sanitizer, and one by itself.
import { appendFileSync } from 'node:fs';
import { parsed, run } from './child.mjs';
import { nowhere } from './result.mjs';
import { notRun } from './runner.mjs';
import { findTool } from './tools.mjs';

/** So many times the program is started anew behind a case that the device did not survive. */
const kMostLost = 6;

const begun = (runs) => ({ target: null, wanted: null, cases: 0, runs, same: 0, inAtomic: 0, close: 0, differing: 0 });

/** Takes the lines that the conformance program prints into figures; `kept.note` gets each case. */
function reader(figures, runs, kept) {
  Object.assign(figures, begun(runs), { faults: [] });
  let last = -1;
  return {
    /** The number of the last case that was told of; -1: none. */
    last: () => last,
    onLine(line) {
      const value = parsed(line);
      if (value === undefined) {
        if (/: expected .*, got /.test(line)) figures.faults.push(line);
        return;
      }
      if (value.wanted !== undefined) figures.wanted ??= value.wanted;
      if (value.target !== undefined) figures.target = value.target;
      if (value.case === undefined) return;
      last = value.case;
      figures.cases += 1;
      figures.same += value.same === runs ? 1 : 0;
      figures.inAtomic += value.close === null ? 0 : 1;
      figures.close += value.close === runs ? 1 : 0;
      figures.differing += value.patterns > 1 ? 1 : 0;
      for (const fault of value.faults) figures.faults.push(`case ${value.case}, ${value.title}: ${fault}`);
      kept.note(value);
    },
  };
}

const flagsOf = (cases, flags) => [
  ...['cases', cases, '--device', 'cuda'],
  ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]),
];

/**
 * Every `every`th case, `runs` times in each mode. A case that throws is a fault of that case; where the device is lost
 * with it, or the program ends, the cases behind it are run by a new process.
 */
export async function conformance({ programs, cases, runs, every = 1 }, signal, kept = nowhere()) {
  const { figures } = kept;
  const lines = reader(figures, runs, kept);
  for (let from = 0, lost = 0; ; ) {
    const flags = flagsOf(cases, { runs, every, from });
    const { status, killed, said } = await run(programs.conformance, flags, { signal, onLine: lines.onLine });
    if (status === 0 || status === 1) break;
    if (figures.wanted === null || status === 2)
      throw new Error(`expected the cases to be run, got ${killed ?? `exit code ${status}`}: ${said.slice(-600)}`);
    const next = lines.last() + 1;
    if (status !== 4) {
      // The program ended in the midst of a case: that one is wrong, and is not tried again.
      const number = Math.ceil(Math.max(next, from) / every) * every;
      lines.onLine(
        JSON.stringify({
          case: number,
          title: '',
          same: 0,
          close: null,
          patterns: 0,
          faults: [`ended the program: ${killed ?? `exit code ${status}`}: ${said.slice(-300)}`],
        }),
      );
    }
    from = lines.last() + 1;
    lost += 1;
    if (figures.cases >= figures.wanted) break;
    if (lost > kMostLost) {
      figures.faults.push(`expected at most ${kMostLost} cases that end the program, got more`);
      break;
    }
  }
  const short = figures.cases === figures.wanted ? [] : [`expected ${figures.wanted} cases, got ${figures.cases}`];
  const reason = figures.faults[0] ?? short[0];
  return { passed: reason === undefined, figures, ...(reason && { reason }) };
}

/** What of the tool's own words says that it cannot work here. */
const unsupported =
  /not supported|unsupported|Unable to|Internal (?:Sanitizer )?[Ee]rror|failed to (?:initialize|attach|load)/;

/**
 * Some of the cases under a tool of compute-sanitizer, in a checking runtime: every block of memory alone, a wait behind
 * each launch. Absent, unsupported or slow is `not run`; what it found before that counts.
 */
export async function sanitizer(
  { programs, cases, tool, every, only, command = findTool('compute-sanitizer') },
  signal,
  kept = nowhere(),
) {
  if (command === undefined) return notRun('no compute-sanitizer');
  const { figures } = kept;
  const log = kept.file(`${tool}.log`);
  const lines = reader(figures, 1, { note: () => {} });
  const said = [];
  const onLine = (line) => {
    lines.onLine(line);
    if (!line.startsWith('=========')) return;
    said.push(line);
    if (log !== undefined) appendFileSync(log, `${line}\n`);
  };
  const chosen = only === undefined ? { every } : { only };
  const args = [
    '--tool',
    tool,
    '--error-exitcode',
    '9',
    programs.conformance,
    ...flagsOf(cases, { runs: 1, ...chosen }),
  ];
  const env = { SAMEBITS_CUDA_CHECK: '1' };
  const summary = () => said.findLast((line) => line.includes('SUMMARY')) ?? 'no summary';
  const found = () =>
    said.filter((line) => /^=========\s+(?:Invalid|Error: Race|Race|Leaked|Barrier|.*hazard)/.test(line));
  try {
    const { status, killed } = await run(command, args, { signal, env, onLine });
    Object.assign(figures, { summary: summary(), ...chosen });
    if (figures.target !== null && status === 0) return { passed: true, figures };
    const cannot = said.find((line) => unsupported.test(line));
    if (found().length === 0 && (figures.cases === 0 || cannot !== undefined)) {
      const words = cannot ?? said.at(-1) ?? killed ?? `exit code ${status}`;
      return { ...notRun(`${tool} does not work here: ${words}`), figures };
    }
    const reason = figures.faults[0] ?? found()[0] ?? `${summary()} (${killed ?? `exit code ${status}`})`;
    return { passed: false, figures, reason: `${reason.replace(/^=+\s*/, '')}` };
  } catch (error) {
    if (!signal.aborted) return notRun(error.message); // it did not even start
    Object.assign(figures, { summary: summary(), ...chosen });
    const reason = figures.faults[0] ?? found()[0];
    if (reason !== undefined) return { passed: false, figures, reason };
    return {
      ...notRun(`too slow: ${figures.cases} of ${figures.wanted ?? 'its'} cases in time, nothing found in them`),
      figures,
    };
  }
}

/** One case by its title or number: with a wait behind each launch, then under memcheck. */
export async function oneCase({ programs, cases, only, command }, signal, kept = nowhere()) {
  const { figures } = kept;
  const lines = reader(figures, 5, kept);
  const flags = flagsOf(cases, { runs: 5, only });
  const env = { CUDA_LAUNCH_BLOCKING: '1', SAMEBITS_CUDA_CHECK: '1' };
  const { status, killed, said } = await run(programs.conformance, flags, { signal, env, onLine: lines.onLine });
  if (figures.cases === 0)
    throw new Error(`expected the case to be run, got ${killed ?? `exit code ${status}`}: ${said.trim().slice(-600)}`);
  const checked = await sanitizer({ programs, cases, tool: 'memcheck', only, command }, signal, {
    ...kept,
    figures: {},
  });
  figures.memcheck = checked;
  const reason = figures.faults[0] ?? (checked.passed === false ? checked.reason : undefined);
  return { passed: reason === undefined, figures, ...(reason && { reason }) };
}
