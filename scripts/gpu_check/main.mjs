// Checks the CUDA kernels on the device of this machine; scripts/gpu-check starts it. docs/gpu.md says what it does.
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { oneCase } from './cases.mjs';
import { root } from './child.mjs';
import { describeDevice, describeProcessor, describeSources, packageVersion } from './machine.mjs';
import { manifestOf } from './manifest.mjs';
import { buildFolder, programsBuiltIn, programsIn } from './native_build.mjs';
import { readOptions, Stop } from './options.mjs';
import { carried, planOf, work } from './plan.mjs';
import { expectParts } from './requirements.mjs';
import { freeName, Kept } from './result.mjs';
import { allPassed, runSteps } from './runner.mjs';

const say = (text) => process.stderr.write(`gpu-check: ${text}\n`);

/** What of the options is kept: no paths of this machine. */
const told = ({ data, samples, minutes, only, case: one }) => ({
  data: data === 'synthetic' ? data : 'a folder',
  samples,
  minutes,
  ...(only && { only }),
  ...(one && { case: one }),
});

/** The steps of a check of one case. */
const caseSteps = ({ options, found, packed }) => [
  {
    name: 'case',
    title: `case ${options.case}, with a wait behind each launch and under memcheck`,
    seconds: 120,
    required: true,
    run: (signal, kept) => {
      const { cases } = carried(packed === undefined ? work : root);
      return oneCase({ programs: found.programs, cases, only: options.case }, signal, kept);
    },
  },
];

async function check(args) {
  const packed = manifestOf(root);
  const folder = buildFolder();
  const found = { programs: programsBuiltIn(folder) };
  const names = planOf({ options: {}, found, packed }).map(({ name }) => name);
  const options = readOptions(args, { names, processors: availableParallelism(), packed: packed !== undefined });
  if (options.pack !== undefined) {
    const { pack } = await import('./pack.mjs');
    const { bytes, needs } = await pack(options, { say });
    say(
      `${(bytes / 1e6).toFixed(1)} MB in ${path.relative(process.cwd(), options.pack)}; it needs ${needs.join(', ')}`,
    );
    return 0;
  }
  if (packed !== undefined)
    Object.assign(options, { built: path.join(root, 'native'), packed: true, ...packed.options });
  expectParts(options);
  const device = describeDevice();
  if (options.built !== undefined) found.programs = programsIn(options.built);
  const result = {
    format: 2,
    kind: 'gpu-check',
    startedAt: new Date().toISOString(),
    finished: false,
    passed: false,
    version: packageVersion(),
    contract: null,
    sources: packed?.sources ?? describeSources(),
    pack: packed === undefined ? null : { madeAt: packed.madeAt, built: packed.built, golden: packed.golden },
    options: told(options),
    device,
    processor: describeProcessor(),
    steps: [],
  };
  const results = options.only === undefined && options.case === undefined ? path.join(root, 'bench/results') : work;
  const kept = new Kept(
    () => options.out ?? freeName(results, result.startedAt, device.name ?? found.target ?? 'no device'),
  );
  // Where there is no device nothing is checked, and nothing is kept.
  const nothing = () => device.missing !== undefined && found.target === undefined && options.case === undefined;
  const keep = (steps) => {
    Object.assign(result, { steps, contract: found.contract ?? null });
    if (!nothing()) kept.result(result);
  };
  const context = { options, found, device, folder, packed };
  const steps = await runSteps(options.case === undefined ? planOf(context) : caseSteps(context), {
    seconds: options.minutes * 60,
    keep,
    line: (value) => {
      if (!nothing()) kept.line(value);
    },
    file: (name) => kept.file(name),
    tell: say,
  });
  result.deviceAfter = describeDevice();
  result.passed = allPassed(steps);
  result.finished = true;
  keep(steps);
  const failed = steps.filter(({ required, result, missing }) => required && result !== 'passed' && !missing);
  say(
    result.passed
      ? 'every correctness step passed'
      : `expected every correctness step to pass, got ${failed.map(({ name }) => name).join(', ')}`,
  );
  if (kept.folder !== undefined) say(`figures in ${path.relative(process.cwd(), kept.folder)}`);
  return result.passed ? 0 : 1;
}

for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
])
  process.on(signal, () => {
    say(`stopped by ${signal}; what was found until then is kept`);
    process.exit(128 + number);
  });

try {
  process.exitCode = await check(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  if (error.code === 0) process.stdout.write(`${error.message}\n`);
  else say(error.message);
  process.exitCode = error.code;
}
