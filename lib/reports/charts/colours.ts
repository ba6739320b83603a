/** Colours that say a number or a place: a map that is perceptually even, within what is seen on a light page and on a dark one. */
import { muted, rule } from './render.js';

const scheme = { name: 'viridis', extent: [0.1, 0.95] };

/** What all legends share. */
const legend = {
  labelColor: muted,
  titleColor: muted,
  titleFontWeight: 'normal',
  titleFontSize: 12,
  labelFontSize: 12,
  labelLimit: 0,
  titleLimit: 0,
};

/**
 * Numbers beside a logarithmic bar: its ends and what is between them in factors. Vega's own ticks stand at round numbers, of which a
 * bar of less than a factor of ten has too many in one place, or none.
 */
const logTicks = ([low, high]: readonly [number, number]): number[] =>
  low < high ? [low, Math.sqrt(low * high), high] : [low];

/** A colour by a number, with its bar. */
export const byNumber = (
  field: string,
  {
    domain,
    log = false,
    ...bar
  }: { domain: readonly [number, number]; log?: boolean; title: string; format?: string; labelExpr?: string },
): object => ({
  field,
  type: 'quantitative',
  scale: { type: log ? 'log' : 'linear', domain, scheme, nice: false, clamp: true },
  legend: {
    ...legend,
    ...bar,
    orient: 'bottom',
    gradientLength: 240,
    gradientThickness: 10,
    gradientStrokeColor: rule,
    ...(log ? { values: logTicks(domain) } : { tickCount: 4 }),
  },
});

/** Layers that have a legend of their names; more have a bar of their places. */
const mostNamed = 8;

/** The colour of a layer by its place in the model; rows have `layer` and `place`, from 1. */
export function byLayer(layers: readonly string[]): object {
  if (layers.length > mostNamed) {
    const bar = { title: 'place of the layer in the network, from the first', format: '.0f' };
    return byNumber('place', { domain: [1, layers.length], ...bar });
  }
  const named = { title: null, orient: 'bottom', columns: 2, symbolType: 'stroke', symbolStrokeWidth: 2 };
  return { field: 'layer', type: 'ordinal', scale: { domain: layers, scheme }, legend: { ...legend, ...named } };
}

/** Whether text on the colour of a number is dark: the map is bright at its end. */
export const isBright = (share: number): boolean => share > 0.55;
