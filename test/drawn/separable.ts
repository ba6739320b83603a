// separable_conv2d as a table: judge and contract are those of the two convolutions it is made of.

import { type FusedActivation, separableConv2d } from '../../lib/index.js';
import type { Floats, OperationTable, Values } from '../cases/case.js';
import { tables as conv2d } from '../cases/conv2d.js';
import { table as depthwise } from '../cases/depthwise_conv2d.js';
import type { Window } from '../support/windows.js';

type Settings = Omit<Window, 'kernel'> & { activation: FusedActivation };

const outer = conv2d[0]!;
const inner = ({ activation: _, ...window }: Settings) => window;

export const separable: OperationTable<Settings> = {
  op: 'separable_conv2d',
  run: ([x, depth, point, bias], { activation, ...window }) =>
    separableConv2d(x!, depth!, point!, { ...window, bias: bias!, activation }),
  judge: ([x, depth, point, bias], settings) =>
    outer.judge([depthwise.judge([x!, depth!], inner(settings)), point!, bias!], {
      activation: settings.activation,
    }),
  judgeGradients: ([x, depth, point, bias], dy, settings) => {
    const between = depthwise.judge([x!, depth!], inner(settings));
    const { activation } = settings;
    const [dbetween, dpoint, dbias] = outer.judgeGradients!([between, point!, bias!], dy, { activation });
    return [...depthwise.judgeGradients!([x!, depth!], dbetween as Values, inner(settings)), dpoint!, dbias!];
  },
  sumsOfProducts: true,
  contract: {
    forward: ([x, depth, point, bias], settings) => {
      const between = depthwise.contract!.forward([x!, depth!], inner(settings));
      return outer.contract!.forward([between, point!, bias!], { activation: settings.activation });
    },
    gradients: ([x, depth, point, bias], y, dy, settings) => {
      const between = depthwise.contract!.forward([x!, depth!], inner(settings));
      const { activation } = settings;
      const [dbetween, dpoint, dbias] = outer.contract!.gradients!([between, point!, bias!], y, dy, { activation });
      const first = depthwise.contract!.gradients!([x!, depth!], between, dbetween as Floats, inner(settings));
      return [...first, dpoint!, dbias!];
    },
  },
  differentiable: [true, true, true, true],
  tolerance: 1e-5,
  cases: [],
};
