/** How long is a deterministic training step of every named network, beside PyTorch's turn by turn in one run? */
import type { Machine } from '../machine.js';
import { type Entry, type ModelRow, measure, ownStep, rowOf } from '../models/models.js';
import { keptMemory, type Torch } from '../models/torch.js';
import type { BenchOptions } from '../options.js';
import { digits, milliseconds, ratioText, spreadPercent, textTable } from '../page.js';
import { drawer, geometricMean, spread, turnRatio } from '../statistics.js';
import { type StepSize, stepSizes } from './sizes.js';

const peer = 'bench/networks/peers/torch_step.py';

function ownEntry(model: string, { networkOptions, ...size }: StepSize, options: BenchOptions): Entry {
  const isa = options.isas.at(-1)!;
  const threads = Math.max(...options.threads);
  const { command, args } = ownStep({
    ...{ model, isa, mode: 'deterministic', threads, ...size },
    ...(networkOptions && { 'network-options': JSON.stringify(networkOptions) }),
  });
  return { row: rowOf(model, `cpu/${isa}/deterministic`, threads, false), command, args };
}

/** PyTorch's step of the same network; none where PyTorch is missing. */
function peerEntry(model: string, { batch, size, classes }: StepSize, torch: Torch, threads: number): Entry[] {
  if ('missing' in torch) return [];
  const sizes = Object.entries({ batch, size, classes, threads }).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  const row = rowOf(model, 'torch/channels_last/kept', threads, false);
  return [{ row, command: torch.python, args: [peer, '--model', model, ...sizes], env: keptMemory }];
}

/** Steps of each network and of its peer in turn, on the widest instruction set with the most threads. */
export async function benchNetworks(
  options: BenchOptions,
  machine: Machine,
  progress: (text: string) => void,
): Promise<ModelRow[]> {
  const rows: ModelRow[] = [];
  for (const [model, size] of Object.entries(stepSizes).filter(([name]) => name.includes(options.only))) {
    const own = ownEntry(model, size, options);
    const entries = [own, ...peerEntry(model, size, machine.torch, own.row.threads)];
    // Small steps are many: what a system does in between is seen in few of them.
    const turns = (options.quick ? 5 : 11) * (model === 'lenet5' ? 10 : 1);
    rows.push(...(await measure(entries, { turns, profiles: 0 }, progress)));
  }
  return rows;
}

/** One line a network: parameters (in brackets those of the peer, where they differ), times, their ratio, memory. */
export function networksPage(rows: readonly ModelRow[], { torch }: Machine): string {
  const draw = drawer();
  const isPeer = ({ target }: ModelRow) => target.startsWith('torch/');
  const pairs = rows.filter((row) => !isPeer(row)).map((own) => ({ own, other: peerOf(own) }));
  function peerOf({ model }: ModelRow) {
    return rows.find((row) => row.model === model && isPeer(row));
  }
  const ratios = new Map(
    pairs.flatMap(({ own, other }) => (other ? [[own, turnRatio(own.seconds, other.seconds, { draw })] as const] : [])),
  );
  const lines = pairs.map(({ own, other }) => {
    const { batch, size, channels } = stepSizes[own.model]!;
    const ratio = ratios.get(own);
    return [
      own.model,
      `${batch} of ${size} x ${size} x ${channels}`,
      other && other.parameters !== own.parameters ? `${own.parameters} (${other.parameters})` : `${own.parameters}`,
      milliseconds(spread(own.seconds).median),
      spreadPercent(spread(own.seconds)),
      other ? milliseconds(spread(other.seconds).median) : '-',
      ratio ? ratioText(ratio) : '-',
      digits(own.peakMemoryMiB),
      other ? digits(other.peakMemoryMiB) : '-',
    ];
  });
  const head = ['network', 'pictures', 'parameters', 'ms', 'spread', 'torch ms', 'ratio [95 % interval]'];
  const table = textTable([...head, 'MiB', 'torch MiB'], lines);
  const told =
    'missing' in torch ? `no PyTorch: ${torch.missing}` : `PyTorch ${torch.version}, channels_last, kept memory`;
  const [{ target, threads } = { target: '', threads: 0 }] = pairs.map(({ own }) => own);
  const all = [...ratios.values()].map(({ estimate }) => estimate);
  const mean = all.length > 0 ? `\ngeometric mean of the ratios ${digits(geometricMean(all))}` : '';
  return `${target}, ${threads} threads; ${told}\n${table}${mean}`;
}
