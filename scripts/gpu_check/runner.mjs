// Runs steps one after another, each within its own time and all within the time there is, and keeps what became of
// each. A step is { name, title, required, seconds, run(signal, kept) }: `run` resolves with { passed, figures, reason } or
// { notRun: reason, figures }, and what it throws is a failure, unless it `stops` the whole check. `kept` has `figures`, an object
// that the step fills while it runs and that stays whatever then happens, `note(value)`, which adds a line to what is
// found, and `file(name)`. `required` steps decide whether the check has passed.

/** What a step answers when it cannot be run here. */
export const notRun = (reason) => ({ notRun: reason });

/** A timer may end a step this many seconds early: so little time is none. */
const early = 0.002;

const round = (seconds) => Math.round(seconds * 100) / 100;

async function attempt(step, seconds, kept) {
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new Error(`expected at most ${round(seconds)} s, got more`)),
    seconds * 1000,
  );
  try {
    const { notRun: missing, passed, figures, reason } = await step.run(controller.signal, kept);
    if (missing !== undefined)
      return { result: 'not run', reason: missing, missing: true, ...(figures && { figures }) };
    return { result: passed ? 'passed' : 'failed', ...(reason && { reason }), ...(figures && { figures }) };
  } catch (error) {
    if (error.stops) throw error;
    const { figures } = kept;
    return { result: 'failed', reason: error.message, ...(Object.keys(figures).length > 0 && { figures }) };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Runs the steps; `keep` is called with the rows so far after each, `line` with each line that a step notes, `tell` before and
 * after each; `file` names files for what other tools write. A step begins only while some of the `seconds` in all are left, and never gets more than those. After a step that is `vital` and did not pass
 * nothing else is run.
 */
export async function runSteps(
  steps,
  { seconds, keep, tell, line = () => {}, file = () => undefined, now = () => performance.now() / 1000 },
) {
  const start = now();
  const rows = [];
  let stopped;
  for (const step of steps) {
    const { name, title, required } = step;
    const left = seconds - (now() - start);
    const begin = now();
    let row;
    if (stopped !== undefined) row = { result: 'not run', reason: `${stopped} did not pass` };
    else if (left <= early) row = { result: 'not run', reason: `the ${seconds} s for all steps are over` };
    else {
      tell(`${title} ...`);
      const kept = { figures: {}, note: (value) => line({ step: name, ...value }), file };
      row = await attempt(step, Math.min(step.seconds, left), kept);
    }
    rows.push({ name, title, required, ...row, seconds: round(now() - begin), secondsAllowed: step.seconds });
    if (step.vital && row.result !== 'passed') stopped ??= name;
    tell(`${title}: ${row.result}${row.reason ? `: ${row.reason}` : ''} (${rows.at(-1).seconds} s)`);
    line({ step: name, result: row.result, ...(row.reason && { reason: row.reason }) });
    keep(rows);
  }
  return rows;
}

/** Whether every required step passed, or said itself that something it cannot be run without is missing. */
export const allPassed = (rows) =>
  rows.every(({ required, result, missing }) => !required || result === 'passed' || missing);
