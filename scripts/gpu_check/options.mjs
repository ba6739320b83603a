// The options of scripts/gpu-check. They are checked here and nowhere else.
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

export const usage = `usage: scripts/gpu-check [--node PATH] [options]
  --node PATH           node to run with; otherwise the one of the pack, or on PATH
  --pack FILE           check nothing: make one archive of all that a check needs on a machine with a device
  --case CASE           one case by its title or number: a wait behind each launch, then memcheck
  --data DIR            train on these pictures (one folder a class); otherwise on the synthetic ones of the package
  --samples N           pictures to train on (2000: an epoch of 63 steps of 32)
  --minutes N           for everything (15 with the build, 7.5 in a pack); what no longer fits is named as not run
  --only NAME,NAME      only these steps; the result is not kept under bench/results unless --out says so
  --arch 90             architecture to compile for; otherwise that of the device
  --jobs N              compilers at once; otherwise one a processor
  --node-headers DIR    folder with node_api.h; otherwise beside node or in node_modules/node-api-headers
  --nvcc PATH           the compiler; otherwise CUDACXX, the one on PATH or /usr/local/cuda/bin/nvcc
  --python PATH         a python3 with torch, to be measured beside; otherwise the first that has it
  --built DIR           check what lies there (samebits.node, conformance, prove_device, probe_device); build nothing
  --out DIR             the folder of all that is kept; otherwise bench/results/<date>-gpu-check-<device>
exit code: 0 every correctness step passed, 1 one did not, 2 usage, 3 something is missing that it needs`;

/** What stops the command with one message: `code` is the exit code. */
export class Stop extends Error {
  constructor(message, code) {
    super(message);
    this.code = code;
    this.stops = true;
  }
}

const wrong = (message) => new Stop(message, 2);

function integer(values, name, low, high) {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw wrong(`expected --${name} to be an integer from ${low} to ${high}, got '${values[name]}'`);
}

function folder(name, value) {
  if (value === undefined) return undefined;
  if (existsSync(value) && statSync(value).isDirectory()) return path.resolve(value);
  throw wrong(`expected --${name} to be a folder, got '${value}'`);
}

function file(name, value) {
  if (value === undefined) return undefined;
  if (existsSync(value) && statSync(value).isFile()) return path.resolve(value);
  throw wrong(`expected --${name} to be a file, got '${value}'`);
}

/** What a pack cannot do: it has no compiler, no decoder of pictures, and the first steps of one training. */
const ofClones = ['pack', 'data', 'samples', 'arch', 'jobs', 'node-headers', 'nvcc', 'built'];

/** The options in `args`, checked; `names` are the steps there are, `packed` says that this is a pack. Throws Stop. */
export function readOptions(args, { names, processors, packed = false }) {
  const text = { type: 'string' };
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        ...{
          pack: text,
          case: text,
          data: text,
          only: text,
          arch: text,
          'node-headers': text,
          nvcc: text,
          python: text,
          built: text,
          out: text,
        },
        samples: text,
        minutes: { type: 'string', default: packed ? '7.5' : '15' },
        jobs: text,
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw wrong(`${error.message}\n${usage}`);
  }
  if (values.help) throw new Stop(usage, 0);
  const elsewhere = packed ? ofClones.find((name) => values[name] !== undefined) : undefined;
  if (elsewhere !== undefined) throw wrong(`expected no --${elsewhere} in a pack, got '${values[elsewhere]}'`);
  const only = values.only?.split(',');
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw wrong(`expected --only to name steps of ${names.join(', ')}, got '${unknown}'`);
  if (values.arch !== undefined && !/^\d{2,3}[af]?$/.test(values.arch))
    throw wrong(`expected --arch to be an architecture such as 90, got '${values.arch}'`);
  values.jobs ??= String(processors);
  values.samples ??= '2000';
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes <= 600))
    throw wrong(`expected --minutes to be above 0 and at most 600, got '${values.minutes}'`);
  return {
    pack: values.pack === undefined ? undefined : path.resolve(values.pack),
    case: values.case,
    data: folder('data', values.data) ?? 'synthetic',
    samples: integer(values, 'samples', 2, 1_000_000),
    minutes,
    only,
    arch: values.arch,
    jobs: integer(values, 'jobs', 1, 1024),
    nodeHeaders: folder('node-headers', values['node-headers']),
    nvcc: file('nvcc', values.nvcc),
    python: file('python', values.python),
    built: folder('built', values.built),
    out: values.out === undefined ? undefined : path.resolve(values.out),
  };
}
