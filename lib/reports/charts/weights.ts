/** The final weights of the runs of one target: how many ulp apart, which bits differ, and how alike every two runs are. */
import type { PairSimilarity, TargetResult } from '../../experiments/index.js';
import { compact, similarity } from '../format.js';
import { byNumber, isBright } from './colours.js';
import { type Chart, colorOf, ink, rule } from './render.js';

/** Sign, exponent and mantissa are told apart by darkness. */
const darknessOfBit = (bit: number) => (bit === 31 ? 0.4 : bit >= 23 ? 0.65 : 0.95);

/** Share of final weights that differ in each bit of a float32, from the sign on the left to the lowest bit. */
export function bitChart(target: TargetResult): Chart {
  const values = target.divergence.bitPositions.map((share, bit) => ({ bit, share, dark: darknessOfBit(bit) }));
  return {
    label: 'Share of final weights that differ, by bit of the float32',
    caption:
      'Share of final weights that differ between two runs in each bit: the sign on the left, then 8 bits of exponent, then 23 of mantissa. Chance alone would be 50 %.',
    height: 250,
    spec: {
      title: 'Which bits differ at the end',
      data: { values },
      mark: { type: 'bar', color: colorOf(target.mode) },
      encoding: {
        x: {
          field: 'bit',
          type: 'ordinal',
          sort: 'descending',
          title: 'bit: 31 sign, 30\u201323 exponent, 22\u20130 mantissa',
          scale: { paddingInner: 0.15 },
          axis: { values: [31, 23, 15, 7, 0], labelAngle: 0, ticks: false },
        },
        y: {
          field: 'share',
          type: 'quantitative',
          title: 'share of weights',
          scale: { domain: [0, 0.55] },
          axis: { format: '.0%', values: [0, 0.25, 0.5] },
        },
        fillOpacity: { field: 'dark', type: 'quantitative', scale: null },
      },
    },
  };
}

/** A number as an exponent. */
const raised = (power: number) =>
  Array.from(
    String(power),
    (digit) => '\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079'[Number(digit)]!,
  ).join('');

/** The distances of a place of the histogram in short: 0, 1, 2\u20133, 4\u20137, then powers of two. */
function binLabel(place: number): string {
  if (place === 33) return 'NaN';
  if (place <= 1) return String(place);
  return place <= 3 ? `${2 ** (place - 1)}\u2013${2 ** place - 1}` : `2${raised(place - 1)}`;
}

/** Share of final weights by ulp distance, in classes that double. */
export function ulpChart(target: TargetResult): Chart {
  const { ulpHistogram } = target.divergence;
  const all = ulpHistogram.reduce((sum, count) => sum + count, 0);
  const last = Math.max(
    8,
    ulpHistogram.findLastIndex((count) => count > 0),
  );
  const values = ulpHistogram
    .slice(0, last + 1)
    .map((count, place) => ({ bin: binLabel(place), share: all === 0 ? 0 : count / all }));
  return {
    label: 'Share of final weights by their ulp distance between two runs',
    caption:
      'Share of final weights by how many ulp apart they are in two runs. Each bar reaches to twice the distance of the one before it; a bar at a power of two holds distances from there up to the next bar.',
    height: 250,
    spec: {
      title: 'How many ulp apart at the end',
      data: { values },
      mark: { type: 'bar', color: colorOf(target.mode) },
      encoding: {
        x: {
          field: 'bin',
          type: 'ordinal',
          sort: null,
          title: 'distance, ulp',
          scale: { paddingInner: 0.15 },
          axis: {
            values: values.filter((_, place) => place % 4 === 0).map(({ bin }) => bin),
            labelAngle: 0,
            ticks: false,
          },
        },
        y: {
          field: 'share',
          type: 'quantitative',
          title: 'share of weights',
          scale: { domainMin: 0, nice: true },
          axis: { format: '~%', tickCount: 4 },
        },
      },
    },
  };
}

/** Cosine similarity of every two runs, as a square; written in while there is room. */
export function similarityChart(found: PairSimilarity, what: string): Chart {
  const apart = (value: number | null) => (value === null ? 0 : Math.max(0, 1 - value));
  const known = found.matrix
    .flat()
    .map(apart)
    .filter((value) => value > 0);
  const least = known.reduce((a, b) => Math.min(a, b), 1);
  const largest = known.reduce((a, b) => Math.max(a, b), 0);
  const domain = least < largest ? ([least, largest] as const) : ([least / 2, least * 2] as const);
  const share = (value: number) => Math.log(value / domain[0]) / Math.log(domain[1] / domain[0]);
  const values = found.matrix.flatMap((row, i) =>
    row.map((value, j) => {
      const far = apart(value);
      const onBright = far > 0 && isBright(share(far));
      return { a: `${i + 1}`, b: `${j + 1}`, apart: far, similarity: similarity(value), onBright };
    }),
  );
  const bare = { domain: false, ticks: false, labelAngle: 0 };
  const cell = { type: 'rect', stroke: 'var(--page, #fff)', strokeWidth: 2 };
  const text = {
    mark: { type: 'text', baseline: 'middle', fontSize: 11 },
    encoding: {
      text: { field: 'similarity' },
      color: {
        condition: [
          { test: 'datum.apart === 0', value: ink },
          { test: 'datum.onBright', value: '#000000' },
        ],
        value: '#ffffff',
      },
    },
  };
  return {
    label: `Cosine similarity of ${what} for every two runs, from ${similarity(found.minimum)} to ${similarity(found.maximum)}`,
    caption: `Cosine similarity of ${what} in every two runs; the colour is by what it lacks to 1, on a logarithmic scale, and grey is nothing. Minimum ${similarity(found.minimum)}, mean ${similarity(found.mean)}, maximum ${similarity(found.maximum)}.`,
    height: Math.min(460, 130 + 45 * found.matrix.length),
    spec: {
      title: `Cosine similarity, ${what}`,
      data: { values },
      encoding: {
        x: { field: 'b', type: 'ordinal', sort: null, title: 'run', axis: bare },
        y: { field: 'a', type: 'ordinal', sort: null, title: 'run', axis: bare },
      },
      layer: [
        { transform: [{ filter: 'datum.apart === 0' }], mark: { ...cell, color: rule } },
        {
          transform: [{ filter: 'datum.apart > 0' }],
          mark: cell,
          encoding: {
            color: byNumber('apart', { domain, log: true, title: '1 \u2212 cosine similarity', format: '.3~g' }),
          },
        },
        ...(found.matrix.length <= 5 ? [text] : []),
      ],
    },
  };
}

/** Differing bits of the final weights by field, in words. */
export function bitSentence({ divergence: { bitFields, ulpHistogram } }: TargetResult): string {
  const weights = ulpHistogram.reduce((sum, count) => sum + count, 0);
  const each = (count: number) => compact(count / Math.max(1, weights));
  return `Of the bits of a weight differ between two runs, on average: ${each(bitFields.sign)} of 1 sign bit, ${each(bitFields.exponent)} of 8 exponent bits and ${each(bitFields.mantissa)} of 23 mantissa bits.`;
}
