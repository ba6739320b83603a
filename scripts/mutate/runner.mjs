// Stryker's hand on the tests: each test file with all of lib becomes one module, which is evaluated anew for every mutant
// in a process that goes on. vitest itself would start a worker and load some 200 files each time, ten times the work.
// Tests are collected and run by vitest's own runner, and `expect` is vitest's.
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { determineHitLimitReached, toMutantRunResult } from '@stryker-mutator/api/test-runner';
import { bundle } from './bundle.mjs';

// What `vitest` asks of a worker when it is imported outside of one.
globalThis.__vitest_worker__ = { config: {}, ctx: {}, environment: { name: 'node' }, rpc: {} };
const { startTests } = await import(
  pathToFileURL(createRequire(createRequire(import.meta.url).resolve('vitest')).resolve('@vitest/runner')).href
);
globalThis.__stryker__ ??= {};
const stryker = globalThis.__stryker__;

const kLimit = 120_000;

const fullName = (task) => (task.suite === undefined ? task.name : `${fullName(task.suite)} ${task.name}`);
const idOf = (task) => `${path.relative(process.cwd(), task.file.filepath)}#${fullName(task)}`;
const testsIn = (suite) => suite.tasks.flatMap((task) => (task.type === 'test' ? [task] : testsIn(task)));

/** Leaves out the tests that are not wanted, and the hooks of suites that have no other. */
function choose(suite, wanted) {
  for (const task of suite.tasks) {
    if (task.type === 'suite') choose(task, wanted);
    else if (!wanted.has(idOf(task))) task.mode = 'skip';
  }
  if (suite.tasks.every(({ mode }) => mode === 'skip')) suite.mode = 'skip';
}

/** The face that vitest's runner wants: how a file is imported, which tests run, and that the first failure ends it. */
class Run {
  pool = 'mutants';
  config = {
    root: process.cwd(),
    setupFiles: [],
    name: undefined,
    passWithNoTests: true,
    testNamePattern: undefined,
    allowOnly: true,
    sequence: { shuffle: false, concurrent: false, seed: 1, hooks: 'stack', setupFiles: 'list' },
    chaiConfig: undefined,
    maxConcurrency: 1,
    testTimeout: kLimit,
    hookTimeout: kLimit,
    retry: 0,
    includeTaskLocation: false,
    diffOptions: undefined,
    tags: [],
    tagsFilter: undefined,
    strictTags: false,
    mergeReportsLabel: undefined,
  };
  #modules;
  #wanted;
  #bail;
  #number;
  #failed = false;

  constructor(modules, wanted, bail, number) {
    this.#modules = modules;
    this.#wanted = wanted;
    this.#bail = bail;
    this.#number = number;
  }

  importFile(file) {
    return import(`${this.#modules.get(file)}?run=${this.#number}`);
  }

  onCollected(files) {
    if (this.#wanted !== undefined) for (const file of files) choose(file, this.#wanted);
  }

  onBeforeRunTask(test) {
    if (this.#failed && this.#bail) test.mode = 'skip';
    else if (test.mode === 'run') stryker.currentTestId = idOf(test);
  }

  onAfterRunTask(test) {
    stryker.currentTestId = undefined;
    this.#failed ||= test.result?.state === 'fail';
  }

  onUnhandledError() {
    this.#failed = true;
  }
}

const errorOf = (task) => task.result?.errors?.[0]?.message ?? 'no message';

function resultOf(test) {
  const base = {
    id: idOf(test),
    name: fullName(test),
    timeSpentMs: Math.round(test.result?.duration ?? 0),
    fileName: test.file.filepath,
  };
  if (test.result?.state === 'fail') return { ...base, status: 1, failureMessage: errorOf(test) };
  return { ...base, status: test.result?.state === 'pass' ? 0 : 2 };
}

/** A file or suite that fails by itself, in an import or a hook, counts as a failed test. */
function failuresOf(file) {
  const suites = (suite) => [suite, ...suite.tasks.filter(({ type }) => type === 'suite').flatMap(suites)];
  return suites(file)
    .filter(({ result, tasks }) => result?.state === 'fail' && result.errors?.length > 0 && tasks.length >= 0)
    .map((suite) => ({
      id: `${path.relative(process.cwd(), file.filepath)}#${suite.name}`,
      name: suite.name,
      timeSpentMs: 0,
      fileName: file.filepath,
      status: 1,
      failureMessage: errorOf(suite),
    }));
}

class InProcess {
  #modules;
  #runs = 0;

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    this.#modules = await bundle(process.cwd(), JSON.parse(process.env['SAMEBITS_MUTATE_TESTS'] ?? '[]'));
  }

  async dryRun({ disableBail }) {
    stryker.activeMutant = undefined;
    stryker.hitCount = undefined;
    const result = await this.#run([...this.#modules.keys()], undefined, !disableBail);
    return { ...result, mutantCoverage: stryker.mutantCoverage };
  }

  async mutantRun({ testFilter, hitLimit, activeMutant, disableBail }) {
    stryker.activeMutant = activeMutant.id;
    stryker.hitCount = 0;
    stryker.hitLimit = hitLimit;
    const wanted = testFilter === undefined ? undefined : new Set(testFilter);
    const files = [...this.#modules.keys()].filter(
      (file) =>
        wanted === undefined || testFilter.some((id) => id.startsWith(`${path.relative(process.cwd(), file)}#`)),
    );
    const result = await this.#run(files, wanted, !disableBail);
    const timeout = determineHitLimitReached(stryker.hitCount, stryker.hitLimit);
    stryker.activeMutant = undefined;
    return toMutantRunResult(timeout ?? result);
  }

  async #run(files, wanted, bail) {
    const tests = [];
    for (const file of files) {
      const ran = await startTests([file], new Run(this.#modules, wanted, bail, ++this.#runs));
      tests.push(
        ...ran.flatMap((one) => [
          ...failuresOf(one),
          ...testsIn(one)
            .filter(({ result }) => result)
            .map(resultOf),
        ]),
      );
      if (bail && tests.some(({ status }) => status === 1)) break;
    }
    return { status: 'complete', tests };
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcess)];
