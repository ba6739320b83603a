/** Training steps as text: times, ratios to PyTorch and to the atomic mode, speed-up by threads, and profiles. */

import type { Isa } from '../../lib/runtime/index.js';
import { type Machine, type Probed, roofs } from '../machine.js';
import { digits, milliseconds, ratioText, spreadPercent, textTable } from '../page.js';
import { drawer, spread, turnRatio } from '../statistics.js';
import { besideTorchPage } from './beside_torch.js';
import type { ModelRow } from './models.js';
import { trainingSize } from './network.js';
import { profilePage } from './profile.js';

const median = (row: ModelRow): number => spread(row.seconds).median;

/** The peer to compare a row with: the one that was measured in turn with it, with as many threads. */
function peerOf(rows: readonly ModelRow[], { model, threads, target }: ModelRow, kept: boolean): ModelRow | undefined {
  const isa = target.split('/')[1];
  return rows.find(
    (row) =>
      row.model === model && row.threads === threads && row.beside === isa && row.target.endsWith('/kept') === kept,
  );
}

export function modelsPage(rows: readonly ModelRow[], machine: Machine, peaks: Probed): string {
  const draw = drawer();
  const ratio = (above: ModelRow | undefined, below: ModelRow | undefined) => {
    if (above === undefined || below === undefined || above === below) return '-';
    return ratioText(turnRatio(above.seconds, below.seconds, { draw }));
  };
  const like = (row: ModelRow, changes: Partial<ModelRow>) => {
    const wanted = { ...row, ...changes };
    const keys = ['model', 'target', 'threads', 'augmentation', 'beside'] as const;
    return rows.find((other) => keys.every((key) => other[key] === wanted[key]));
  };
  const head = [
    'model',
    'target',
    'threads',
    'ms',
    'spread',
    'MiB',
    '/ torch',
    '/ torch kept',
    '/ atomic',
    '1 thread / this',
  ];
  const lines = rows.map((row) => [
    row.augmentation ? `${row.model} + augmentation` : row.model,
    row.target,
    String(row.threads),
    milliseconds(median(row)),
    spreadPercent(spread(row.seconds)),
    digits(row.peakMemoryMiB),
    ratio(row, peerOf(rows, row, false)),
    ratio(row, peerOf(rows, row, true)),
    ratio(row, like(row, { target: row.target.replace('/deterministic', '/atomic') })),
    ratio(like(row, { threads: 1 }), row),
  ]);
  const { torch } = machine;
  const peer = 'missing' in torch ? `no PyTorch: ${torch.missing}` : `PyTorch ${torch.version} (${torch.python})`;
  const profiles = rows
    .filter((row) => row.profile.calls.length > 0 && row.target.endsWith('/deterministic') && row.augmentation)
    .map((row) => {
      const isa = row.target.split('/')[1] as Isa;
      const title = `${row.model} with augmentation on ${row.target}, ${row.threads} threads, kernels of a step`;
      const atomic = like(row, { target: `cpu/${isa}/atomic`, augmentation: false })?.profile;
      return `\n${title}\n${profilePage(row.profile, atomic, roofs(peaks, isa, row.threads))}`;
    });
  const peers = rows.flatMap((row) => {
    const profiled = row.target.endsWith('/deterministic') && !row.augmentation ? peerOf(rows, row, true) : undefined;
    if (profiled === undefined) return [];
    const title = `${row.model} on ${row.target} beside ${profiled.target}, ${row.threads} threads`;
    return [`\n${title}\n${besideTorchPage(row.profile, profiled.profile)}`];
  });
  const { batch, size } = trainingSize;
  const kept = 'kept: its C library told to keep freed memory, which spares it the page faults of fresh blocks';
  return [`batch ${batch}, ${size} x ${size}; ${peer}; ${kept}`, textTable(head, lines), ...profiles, ...peers].join(
    '\n',
  );
}
