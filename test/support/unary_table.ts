// The parts of a table that every elementwise function of one input shares: judge, judge's gradient, contract.

import type { OperationTable } from '../cases/case.js';
import { unary } from '../contract/elementwise.js';
import { elementwise, map } from '../reference/elementwise.js';

type Parts = Pick<OperationTable<unknown>, 'judge' | 'judgeGradients' | 'contract'>;

/** The judges of an elementwise function by its name in test/reference and test/contract. */
export function unaryJudges(name: string): Parts {
  const judge = elementwise[name]!;
  const contract = unary[name]!;
  return {
    judge: ([x]) => map(x!, judge.value),
    judgeGradients: ([x], dy) => [map(x!, (value, i) => judge.derivative(value) * dy.data[i]!)],
    contract: {
      forward: ([x]) => ({ shape: x!.shape, data: x!.data.map((v) => contract.forward(v)) }),
      gradients: ([x], y, dy) => [
        { shape: x!.shape, data: dy.data.map((v, i) => contract.gradient(v, x!.data[i]!, y.data[i]!)) },
      ],
    },
  };
}
