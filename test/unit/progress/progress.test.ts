// Progress in words: the line of an epoch, and what each `verbose` tells a terminal and a file.

import { describe, expect, it } from 'vitest';
import { epochLine, measuresOf, type Progress, verboseProgress } from '../../../lib/progress/index.js';
import { keptStream } from '../../support/stream.js';

const epoch = { epoch: 2, loss: 0.5, accuracy: 0.75, valLoss: 0.625, valAccuracy: 0.5, seconds: 1.25 };

describe('the line of an epoch', () => {
  it.each([
    [epoch, 'epoch  2/10  loss 0.5000  accuracy 0.750  val. loss 0.6250  val. accuracy 0.500  1.3 s'],
    [{ ...epoch, valLoss: null, valAccuracy: null }, 'epoch  2/10  loss 0.5000  accuracy 0.750  1.3 s'],
    [
      { epoch: 10, loss: Number.NaN, accuracy: null, seconds: 0, weightsHash: `sha256:${'ab'.repeat(32)}` },
      'epoch 10/10  loss NaN  accuracy -  0.0 s  sha256:abababababab',
    ],
    [
      { epoch: 1, loss: 0.00012, meanAbsoluteError: 3.5, valMeanAbsoluteError: 0, seconds: 2 },
      'epoch  1/10  loss 1.200e-4  mean absolute error 3.5000  val. mean absolute error 0.0000  2.0 s',
    ],
    [
      { epoch: 1, loss: 1, binaryAccuracy: 1 / 3, seconds: 2 },
      'epoch  1/10  loss 1.0000  binary accuracy 0.333  2.0 s',
    ],
  ])('says whatever was measured: %j', (one, expected) => {
    expect(epochLine(one, 10)).toBe(expected);
  });

  it('knows means of validation by their names, and words that only begin like them', () => {
    const named = measuresOf({ epoch: 1, seconds: 1, weightsHash: 'x', valLoss: 2, value: 3, note: 'no number' });
    expect(named).toEqual([
      { name: 'valLoss', of: 'loss', validation: true, value: 2 },
      { name: 'value', of: 'value', validation: false, value: 3 },
    ]);
  });
});

/** Two steps and an epoch told to progress of this kind. */
function told(verbose: 0 | 1 | 2 | 'auto', isTTY: boolean): string {
  const { stream, text } = keptStream(isTTY);
  const progress = verboseProgress('fit', verbose, stream);
  const work = (one: Progress) => {
    one.onStep({ epoch: 2, epochs: 10, step: 1, steps: 2, loss: 0.7 });
    one.onStep({ epoch: 2, epochs: 10, step: 2, steps: 2, loss: 0.5 });
    one.onPhase('validating');
    one.onEpoch(epoch, 10);
    one.stop();
  };
  if (progress !== undefined) work(progress);
  return text();
}

describe('verbose', () => {
  const line = `${epochLine(epoch, 10)}\n`;

  it('0 says nothing', () => {
    expect(told(0, true)).toBe('');
    expect(told(0, false)).toBe('');
  });

  it('2 says a line an epoch, on a terminal too', () => {
    expect(told(2, true)).toBe(line);
    expect(told(2, false)).toBe(line);
  });

  it('1 draws a bar on a terminal, and takes it away', () => {
    const text = told(1, true);
    expect(text).toContain('epoch 2/10  ');
    expect(text).toContain('1/2 steps  loss 0.7000');
    expect(text).toContain('validating ...');
    expect(text.endsWith(`\r\u001b[K${line}`)).toBe(true);
  });

  it('1 says phases and epochs in lines where there is no terminal', () => {
    expect(told(1, false)).toBe(`validating\n${line}`);
  });

  it("'auto' is 1 on a terminal and 2 elsewhere", () => {
    expect(told('auto', true)).toContain('1/2 steps  loss 0.7000');
    expect(told('auto', false)).toBe(line);
  });

  it.each([3, '1', true, null])('%j is refused', (verbose) => {
    expect(() => verboseProgress('fit', verbose as never)).toThrow(
      `fit: expected verbose to be 0, 1, 2 or 'auto', got ${JSON.stringify(verbose).replaceAll('"', "'")}`,
    );
  });
});
