/** A network as a table, as Keras prints it. */
import type { Layer } from '../layers/index.js';
import { sizeOf } from '../tensor/index.js';
import type { Network } from './network.js';

/** Numbers of values in the weights of a layer. */
export function countParameters(layer: Layer): { total: number; trainable: number } {
  const sum = (sizes: number[]) => sizes.reduce((a, b) => a + b, 0);
  const weights = [...new Set(layer.weights)];
  return {
    total: sum(weights.map((weight) => sizeOf(weight.shape))),
    trainable: sum(weights.filter((weight) => weight.trainable).map((weight) => sizeOf(weight.shape))),
  };
}

const grouped = (n: number) => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

/** Bytes of so many float32 values, in the unit Keras would choose. */
function bytes(values: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let size = values * 4;
  let unit = 0;
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024;
  return `${size.toFixed(2)} ${units[unit]}`;
}

const headings = ['Layer (type)', 'Output Shape', 'Param #'] as const;

/** The table: one row a layer, then the totals. */
export function summaryOf(network: Network): string {
  const { inputs, places: computed, layers } = network.graph;
  const places = [...inputs, ...computed];
  const rows = layers.map((layer) => {
    const place = places.find((candidate) => candidate.layer === layer)!;
    return [
      `${layer.name} (${layer.kerasName})`,
      `(${['None', ...place.shape].join(', ')})`,
      grouped(countParameters(layer).total),
    ];
  });
  const widths = headings.map((heading, i) =>
    rows.reduce((most, row) => Math.max(most, row[i]!.length), heading.length),
  );
  const rule = (left: string, fill: string, middle: string, right: string) =>
    left + widths.map((width) => fill.repeat(width + 2)).join(middle) + right;
  const line = (cells: readonly string[], bar: string) =>
    `${bar} ${cells.map((cell, i) => (i === 2 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join(` ${bar} `)} ${bar}`;
  const { total, trainable } = countParameters(network);
  const count = (label: string, values: number) => ` ${label} params: ${grouped(values)} (${bytes(values)})`;
  return [
    `Model: "${network.name}"`,
    rule('┏', '━', '┳', '┓'),
    line(headings, '┃'),
    rule('┡', '━', '╇', '┩'),
    rows.map((row) => line(row, '│')).join(`\n${rule('├', '─', '┼', '┤')}\n`),
    rule('└', '─', '┴', '┘'),
    count('Total', total),
    count('Trainable', trainable),
    count('Non-trainable', total - trainable),
  ].join('\n');
}
