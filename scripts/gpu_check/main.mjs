// Checks the CUDA kernels on the device of this machine; scripts/gpu-check starts it. docs/gpu.md says what it does.
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { root } from './child.mjs';
import { describeDevice, describeProcessor, describeSources, packageVersion } from './machine.mjs';
import { buildFolder, programsBuiltIn, programsIn } from './native_build.mjs';
import { readOptions, Stop } from './options.mjs';
import { planOf, work } from './plan.mjs';
import { expectParts } from './requirements.mjs';
import { freeName, writeResult } from './result.mjs';
import { allPassed, runSteps } from './runner.mjs';

const say = (text) => process.stderr.write(`gpu-check: ${text}\n`);

/** What of the options is kept: no paths of this machine. */
const told = ({ data, samples, minutes, only }) => ({
  data: data === 'synthetic' ? data : 'a folder',
  samples,
  minutes,
  ...(only && { only }),
});

async function check(args) {
  const folder = buildFolder();
  const found = { programs: programsBuiltIn(folder) };
  const names = planOf({ options: {}, found }).map(({ name }) => name);
  const options = readOptions(args, { names, processors: availableParallelism() });
  expectParts(options);
  const device = describeDevice();
  if (options.built !== undefined) found.programs = programsIn(options.built);
  const result = {
    format: 1,
    kind: 'gpu-check',
    startedAt: new Date().toISOString(),
    finished: false,
    passed: false,
    version: packageVersion(),
    contract: null,
    sources: describeSources(),
    options: told(options),
    device,
    processor: describeProcessor(),
    steps: [],
  };
  const results = options.only === undefined ? path.join(root, 'bench/results') : work;
  let file = options.out;
  const keep = (steps) => {
    Object.assign(result, { steps, contract: found.contract ?? null });
    // Where there is no device nothing is checked, and nothing is kept.
    if (device.missing !== undefined && found.target === undefined) return;
    file ??= freeName(results, result.startedAt, device.name ?? found.target);
    writeResult(file, result);
  };
  const steps = await runSteps(planOf({ options, found, device, folder }), {
    seconds: options.minutes * 60,
    keep,
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
  if (file !== undefined) say(`figures in ${path.relative(process.cwd(), file)}`);
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
