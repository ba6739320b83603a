// Bad use of the command line: one line on stderr that names what was expected and what came, nothing on stdout, and
// exit code 2; and the commands that only tell something.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program } from '../../lib/cli/program.js';
import { show } from '../../lib/errors/index.js';
import { capabilities } from '../../lib/index.js';
import { models } from '../../lib/networks/index.js';
import { samebits } from '../support/cli.js';

const synthetic = ['--model', 'keras_convnet', '--data', 'synthetic'];
const joins = capabilities().joins.join(', ');
const commands = program()
  .commands.map((one) => one.name())
  .join(', ');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samebits-cli-'));
  writeFileSync(join(folder, 'file'), 'not a folder');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Arguments with FOLDER filled in. */
const filled = (args: readonly string[]) => args.map((arg) => arg.replace('FOLDER', folder));

describe('bad use', () => {
  const cases: [string[], string][] = [
    [['fly'], "expected a command that 'samebits help' lists, got 'fly'"],
    [['trian'], "expected a command that 'samebits help' lists, got 'trian'; did you mean train?"],
    [['train', '--modle', 'x'], "expected a known option, got '--modle'; did you mean one of --mode, --model?"],
    [['train', '--model'], '--model: expected a value, got none'],
    [['train', '-m'], '--model: expected a value, got none'],
    [['help', 'fly'], "help: expected one of NAMES, got 'fly'"],
    [['help', 'train', 'more'], "help: expected 'train' alone, got 'train more'"],
    [['completion'], 'shell: expected a value, got none'],
    [['completion', 'csh'], "completion: expected one of bash, zsh, fish, got 'csh'"],
    [['train', '--data', 'synthetic'], '--model: expected a value, got none'],
    [['train', '--model', 'keras_convnet'], '--data: expected a value, got none'],
    [['train', ...synthetic, 'more'], 'train: expected options only, got 1 more'],
    [
      ['train', '--model', 'alexnet', '--data', 'synthetic'],
      `train: expected model to be one of ${Object.keys(models).map(show).join(', ')} or a file (.mjs, .js, .ts, .keras, .json), got 'alexnet'`,
    ],
    [
      ['train', '--model', 'keras_convnet', '--data', 'FOLDER/nowhere'],
      "--data: expected a folder, cbis-ddsm:DIR, cifar10:DIR, dicom:DIR, masks:DIR, mini-mias:DIR, mnist:DIR, npz:FILE, sdnet2018:DIR, 'synthetic' or 'cracks', got 'FOLDER/nowhere'; there is no such folder",
    ],
    [
      ['compare', '--model', 'keras_convnet', '--data', 'FOLDER/file'],
      "--data: expected a folder, cbis-ddsm:DIR, cifar10:DIR, dicom:DIR, masks:DIR, mini-mias:DIR, mnist:DIR, npz:FILE, sdnet2018:DIR, 'synthetic' or 'cracks', got 'FOLDER/file'; that is not a folder",
    ],
    [
      ['train', ...synthetic, '--validation', 'FOLDER/nowhere'],
      "--validation: expected a folder, got 'FOLDER/nowhere'; there is no such folder",
    ],
    [['train', ...synthetic, '--resume', ''], "--resume: expected a folder, got ''; there is no such folder"],
    [['train', ...synthetic, '--epochs', '0'], "--epochs: expected an integer >= 1, got '0'"],
    [['train', ...synthetic, '--epochs', '1e3'], "--epochs: expected an integer >= 1, got '1e3'"],
    [['train', ...synthetic, '--batch-size', '0'], "--batch-size: expected an integer >= 1, got '0'"],
    [['train', ...synthetic, '--batch-size', '-4'], "--batch-size: expected an integer >= 1, got '-4'"],
    [['train', ...synthetic, '--samples', '0'], "--samples: expected an integer from 1 to 100000000, got '0'"],
    [['train', ...synthetic, '--seed', '1.5'], "--seed: expected an integer >= 0, got '1.5'"],
    [['train', ...synthetic, '--seed', '9007199254740993'], "--seed: expected an integer >= 0, got '9007199254740993'"],
    [['train', ...synthetic, '--threads', '0'], "--threads: expected an integer from 1 to 1024, got '0'"],
    [['train', ...synthetic, '--threads', 'all'], "--threads: expected an integer from 1 to 1024, got 'all'"],
    [['train', ...synthetic, '--mode', 'fast'], "--mode: expected one of deterministic, atomic, got 'fast'"],
    [['train', ...synthetic, '--isa', 'sse'], "--isa: expected one of auto, scalar, avx2, avx512, neon, got 'sse'"],
    [['train', ...synthetic, '--device', 'gpu'], "--device: expected one of cpu, cuda, got 'gpu'"],
    [['train', ...synthetic, '--damaged', 'mend'], "--damaged: expected one of refuse, skip, got 'mend'"],
    [['compare', ...synthetic, '--runs', '1'], "--runs: expected an integer from 2 to 99, got '1'"],
    [['compare', ...synthetic, '--modes', 'fast'], "--modes: expected one of deterministic, atomic, got 'fast'"],
    [['compare', ...synthetic, '--modes', 'atomic,atomic'], "--modes: expected every word once, got 'atomic,atomic'"],
    [['compare', ...synthetic, '--modes', ''], "--modes: expected one of deterministic, atomic, got ''"],
    [['train', ...synthetic, '--checkpoints', 'some'], "--checkpoints: expected one of last, all, got 'some'"],
    [
      ['train', ...synthetic, '--checkpoints', 'all'],
      '--checkpoints: expected a run folder to keep it in, given by --out, got none',
    ],
    [
      ['train', ...synthetic, '--sign', 'FOLDER/file'],
      '--sign: expected a run folder to keep it in, given by --out, got none',
    ],
    [['diff'], 'run-a: expected a value, got none'],
    [['diff', 'FOLDER/file'], 'run-b: expected a value, got none'],
    [
      ['diff', 'FOLDER/nowhere', 'FOLDER/file'],
      "diff: expected a run folder, receipt, trace, checkpoint or safetensors file, got 'FOLDER/nowhere'; there is no such file",
    ],
    [['train', ...synthetic, '--trace', 'all'], "--trace: expected one of weights, steps, ops, got 'all'"],
    [
      ['train', ...synthetic, '--trace', 'ops'],
      '--trace: expected a run folder to keep it in, given by --out, got none',
    ],
    [
      ['train', ...synthetic, '--keep-steps', '4'],
      '--keep-steps: expected a run folder to keep it in, given by --out, got none',
    ],
    [['train', ...synthetic, '--keep-steps', '0'], "--keep-steps: expected an integer from 1 to 999, got '0'"],
    [['compare', ...synthetic, '--growth-steps', '-1'], "--growth-steps: expected an integer from 0 to 999, got '-1'"],
    [['train', ...synthetic, '--trace-values', '2'], '--trace-values: expected --trace beside it, got none'],
    [['train', ...synthetic, '--atomic', 'conv2d.weights'], `--atomic: expected one of ${joins}, got 'conv2d.weights'`],
    [
      ['compare', ...synthetic, '--atomic', 'reduce.forward,conv2d.forward'],
      `--atomic: expected one of ${joins}, got 'conv2d.forward'; it has no sums to join`,
    ],
    [
      ['train', ...synthetic, '--atomic', 'reduce.forward', '--mode', 'atomic'],
      "createRuntime: expected mode 'deterministic' beside atomic kernels, got 'atomic'; atomic mode already joins every sum as it arrives",
    ],
    [['train', ...synthetic, '--arrival-seed', '-1'], "--arrival-seed: expected an integer >= 0, got '-1'"],
    [
      ['train', ...synthetic, '--arrival-seed', '1'],
      '--arrival-seed: expected --mode atomic or --atomic beside it, got none; deterministic sums are joined by place, so no order of arrival can matter',
    ],
    [
      ['compare', ...synthetic, '--arrival-seed', '1', '--modes', 'deterministic'],
      "--arrival-seed: expected 'atomic' among --modes beside it, got none; deterministic sums are joined by place, so no order of arrival can matter",
    ],
    ...[[], ['--modes', 'atomic'], ['--atomic', 'reduce.forward'], ['--thread-counts', '1,2']].map(
      (more): [string[], string] => [
        ['compare', ...synthetic, '--threads', '1', ...more, '--out', 'FOLDER/nowhere'],
        '--threads: expected 2 or more for atomic trainings whose sums arrive as the threads make it, got 1; one thread always adds in the same order, so they could not differ: give --threads 2, or --arrival-seed to draw the order',
      ],
    ),
    [
      ['attribute', ...synthetic, '--threads', '1', '--arrival', 'real', '--steps', '1'],
      "attribute: expected threads 2 or more for arrival 'real', got 1; one thread always adds in the same order, so no kernel could differ; arrival 'seeded' draws the order",
    ],
    ...['step=1', 'step=1,tensor=a,operation=2,index=0,bit=0', 'step=1,tensor=a,index=0,bit=x', 'step=1,step=2'].map(
      (flip): [string[], string] => [
        ['train', ...synthetic, '--flip', flip],
        `--flip: expected step=N,tensor=NAME,index=N,bit=N or step=N,operation=N or KERNEL,index=N,bit=N, got '${flip}'`,
      ],
    ),
    [
      ['train', ...synthetic, '--flip', 'step=0,tensor=a,index=0,bit=0'],
      '--flip: expected step to be an integer >= 1, got 0',
    ],
    [
      ['train', ...synthetic, '--flip', 'step=1,operation=relu.forward,output=x,index=0,bit=0'],
      "--flip: expected output of relu.forward to be one of y, got 'x'",
    ],
    [['verify'], 'receipt: expected a value, got none'],
    [['verify', 'FOLDER/file', 'more'], 'verify: expected 1 beside the options, got 2'],
    [['verify', 'FOLDER/nowhere'], "verify: expected the file of a receipt, got 'FOLDER/nowhere'; there is none"],
    [['verify', 'FOLDER/file', '--epochs', '0'], "--epochs: expected an integer >= 1, got '0'"],
    [['verify', 'FOLDER/file', '--epochs', '2,2'], "--epochs: expected every number once, got '2,2'"],
    [['verify', 'FOLDER/file', '--isa', 'sse'], "--isa: expected one of auto, scalar, avx2, avx512, neon, got 'sse'"],
  ];

  it.each(cases)('%j is refused before any work', (args, expected) => {
    const { code, stdout, stderr } = samebits(filled(args));
    expect(stderr).toBe(`samebits: ${expected.replace('FOLDER', folder).replace('NAMES', commands)}\n`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('with --json leaves stdout empty too', () => {
    expect(samebits(['train', ...synthetic, '--epochs', 'x', '--json'])).toMatchObject({ code: 2, stdout: '' });
  });

  it('asks for an instruction set or device that is missing, and is told which there are and why not this', () => {
    const { isas, devices } = capabilities();
    const lists = [['--isa', isas] as const, ['--device', devices] as const];
    const missing = lists.flatMap(([option, list]) =>
      list.filter((entry) => !entry.available).map((entry) => ({ option, entry, list })),
    );
    expect(missing.length).toBeGreaterThan(0);
    for (const { option, entry, list } of missing) {
      const able = list.filter(({ available }) => available).map(({ name }) => name);
      const expected = `expected one this machine has (${able.join(', ')}), got '${entry.name}'; ${entry.reason}`;
      expect(samebits(['train', ...synthetic, option, entry.name])).toEqual({
        code: 2,
        stdout: '',
        stderr: `samebits: ${option}: ${expected}\n`,
      });
    }
  });

  it('with pictures too small for the network names the least size', () => {
    const { code, stderr } = samebits(['train', ...synthetic, '--image-size', '8']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^samebits: keras_convnet: expected imageSize to be an integer >= 78, got 8\n$/);
  });

  it('leaves nothing behind', () => {
    const inside = join(folder, 'left');
    mkdirSync(inside);
    samebits(['compare', ...synthetic, '--out', join(inside, 'out'), '--image-size', '8']);
    samebits(['train', ...synthetic, '--out', join(inside, 'out'), '--threads', '0']);
    expect(readdirSync(inside)).toEqual([]);
  });
});

describe('an addon that does not load', () => {
  it('is told in one line that names what was tried and how to build it', () => {
    const { code, stdout, stderr } = samebits(['info'], { SAMEBITS_ADDON: join(folder, 'file') });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^samebits: expected a compiled addon, got none that loads: .*; install @samebits\/.*, or build it: node scripts\/build\.mjs\n$/,
    );
  });
});

describe('what needs no work', () => {
  it('without arguments, or with --help, is told on stdout', () => {
    for (const args of [[], ['--help']]) {
      const { code, stdout, stderr } = samebits(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      for (const word of ['train', 'compare', 'verify', 'diff', 'gradcam', 'weights', 'info'])
        expect(stdout).toContain(word);
    }
  });

  it('help of a command, or of one in another, is that of its --help', () => {
    for (const path of [[], ['train'], ['study', 'run']]) {
      const told = samebits(['help', ...path]);
      expect(told).toEqual(samebits([...path, '--help']));
      expect(told.stdout).toMatch(path.length === 0 ? /^Train and compare:$/m : /^Examples:\n {2}samebits /m);
    }
  });

  it('says every option of train and compare in their help', () => {
    const shared =
      'model data validation samples image-size epochs batch-size seed device isa threads damaged out json'.split(' ');
    const own = {
      train: ['mode', 'resume', 'checkpoints', 'sign', 'trace', 'trace-values', 'keep-steps', 'tensorboard'],
      compare: ['modes', 'runs', 'explain', 'growth-steps', 'thread-counts'],
    };
    for (const [command, options] of Object.entries(own)) {
      const { stdout } = samebits([command, '--help']);
      for (const option of [...shared, ...options]) expect(stdout).toContain(`--${option}`);
    }
  });

  it('says the version of the package', () => {
    expect(samebits(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
  });
});

describe('info', () => {
  it('prints one JSON object with version, contract, build, instruction sets, threads and devices', () => {
    const { code, stdout, stderr } = samebits(['info', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({
      version: '0.1.0',
      contract: 2,
      threads: expect.any(Number),
      bestIsa: expect.any(String),
    });
    expect(told.build).toEqual({
      addon: expect.stringMatching(/samebits\.node$/),
      compiler: expect.any(String),
      kernels: expect.any(Number),
      passedOver: [],
    });
    for (const offer of [...told.isas, ...told.devices]) {
      expect(offer.available ? offer.reason : typeof offer.reason).toBe(offer.available ? undefined : 'string');
    }
  });

  it('prints the same for people, with the reason why a device is missing', () => {
    const { stdout } = samebits(['info']);
    const names = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(names).toEqual(['samebits', 'contract', 'build', 'isa', 'threads', 'devices', 'node']);
    for (const { name, available, reason } of capabilities().devices) {
      expect(stdout).toContain(available ? name : `no ${name} (${reason})`);
    }
  });
});
