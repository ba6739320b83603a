// Every other operation on drawn shapes, as its case file draws them, or else on any shape.

import { loadCaseFiles } from '../support/case_files.js';
import { batchNorms } from './batch_norm.js';
import { convolutions } from './convolutions.js';
import type { Drawer } from './drawer.js';
import type { DrawnTable } from './index.js';
import { pools } from './pools.js';
import { drawShape, onShape } from './shapes.js';

/** Operations that have drawn tables of their own. */
const apart = new Set([...convolutions, ...pools, ...batchNorms].map(({ table }) => table.op));

export const others: DrawnTable[] = [
  ...(await loadCaseFiles()).flatMap(({ tables, draw }) =>
    tables
      .filter(({ op }) => !apart.has(op))
      .map((table) => {
        const drawer = draw ?? ((by: Drawer) => onShape(by, table, drawShape(by)));
        return { table, draw: (by: Drawer) => drawer(by, table), share: draw ? 3 : 1 };
      }),
  ),
  ...batchNorms,
];
