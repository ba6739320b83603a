// Writes cases in the plain form that native/conformance/case_file.h describes.

import type { Floats } from '../cases/case.js';
import type { CaseResult } from '../support/run_case.js';
import type { Event } from './door_tape.js';

export interface TapedCase {
  title: string;
  /** The digest that every target must give. */
  expected: string;
  /** How far atomic mode may be off, relative to the largest magnitude of a result; null: not run in atomic mode. */
  tolerance: number | null;
  result: CaseResult;
  events: readonly Event[];
}

const shapeText = (shape: readonly number[]): string => `[${shape.join(',')}]`;

/** The results of a case under the names that digests give them. */
function namedResults({ y, gradients }: CaseResult): [name: string, values: Floats][] {
  const found = gradients.flatMap((gradient, i): [string, Floats][] => (gradient ? [[`gradient${i}`, gradient]] : []));
  return [['y', y], ...found];
}

function callLines({ kernel, tensors, settings }: Extract<Event, { kind: 'call' }>): string[] {
  return [
    `call ${kernel}`,
    ...tensors.map((one) => (one ? `tensor ${one.buffer} ${one.offset} ${shapeText(one.shape)}` : 'none')),
    ...Object.entries(settings).map(([name, value]) => `set ${name} ${value}`),
    'run',
  ];
}

/**
 * The bytes of one case. Throws unless its results are read one after another, and when JavaScript reads anything else
 * that a kernel may have written: the program could not know what became of it.
 */
export function caseBytes({ title, expected, tolerance, result, events }: TapedCase): Uint8Array[] {
  const results = namedResults(result);
  const used = new Set<number>();
  const parts: Uint8Array[] = [];
  const say = (...lines: string[]) => parts.push(Buffer.from(lines.map((line) => `${line}\n`).join('')));
  say(`case ${expected} ${tolerance ?? 'none'} ${title}`);
  for (const event of events) {
    if (event.kind === 'memory') say(`memory ${event.bytes}`);
    if (event.kind === 'call') {
      say(...callLines(event));
      for (const one of event.tensors) if (one) used.add(one.buffer);
    }
    if (event.kind === 'write') {
      say(`write ${event.buffer} ${event.bytes.length}`);
      parts.push(event.bytes);
      say('');
    }
    if (event.kind === 'read') {
      const [name, values] = results[0] ?? [];
      if (values?.data === event.into) {
        say(`result ${name} ${event.buffer} ${shapeText(values.shape)}`);
        results.shift();
      } else if (used.has(event.buffer)) {
        throw new Error(`${title}: expected to read ${name ?? 'no further result'}, got buffer ${event.buffer}`);
      }
    }
  }
  if (results.length > 0) throw new Error(`${title}: expected ${results.length} further results to be read, got none`);
  say('end');
  return parts;
}
