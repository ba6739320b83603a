/** In which order each of two runs added what ended in the element that differs. */

import type { Receipt } from '../../runs/index.js';
import { capabilities, type Isa } from '../../runtime/index.js';
import { floatValue } from '../element.js';
import { ascendingInTasks, type ChunkFold, chunkFold, chunksInOrder } from './batch_norm.js';
import { lawOf, taskOf } from './joins.js';
import { type CallElement, type Contributions, LoneCall } from './lone_call.js';
import { rowContributions } from './masked_rows.js';
import { bitsOf, findOrder, firstParting, randomTries, runningSums, searchOrders } from './orders.js';
import type { ArrivalAt, PartingJoin, SideOrder } from './result.js';
import type { CapturedCall, Stage, StepPlace, TrainingState } from './stage.js';

/** One run, as far as the element is concerned. */
export interface Side {
  receipt: Receipt;
  /** The stage that computes this run again exactly; undefined for real arrival. */
  stage: Stage | undefined;
  /** The element's recorded or exactly computed value; undefined where it is not known. */
  value: number | undefined;
}

/** Where the element is written. */
export interface ElementPlace {
  step: StepPlace;
  /** The state before the step. */
  state: TrainingState;
  /** Number of the call in the step, from 1. */
  operation: number;
  call: CapturedCall;
  element: CallElement;
}

/** Whether a run joins the sums of a kernel as they arrive. */
export const arrivesIn = ({ options: { mode, atomic } }: Receipt, kernel: string): boolean =>
  mode === 'atomic' ? capabilities().joins.includes(kernel) : (atomic?.includes(kernel) ?? false);

const samplesOf = ({ before }: CapturedCall) => before.find((tensor) => tensor !== null)!.shape[0] ?? 1;

/** Arrivals in an order of tasks, with their partial sums where they are known. */
function told(call: CapturedCall, of: Contributions, arrived: readonly { task: number; sum: number }[]): ArrivalAt[] {
  const { tasks, partials, rows } = of;
  return arrived.map(({ task, sum }) => {
    const place = tasks.indexOf(task);
    const takes = rows ? `row ${task} of dy` : taskOf(call.kernel, task, { tasks, samples: samplesOf(call) });
    return {
      task: rows ? null : task,
      takes,
      partial: partials === undefined ? null : floatValue(partials[place]!),
      sum: floatValue(sum),
    };
  });
}

/** What a call adds up from, cut as the run cut it; rows of dy where a task adds more than once to the element. */
function contributionsOf({ call, element }: ElementPlace, { receipt, stage }: Side): Contributions | undefined {
  const isa = receipt.target.split('/')[1] as Isa;
  const workers = stage === undefined ? { workers: receipt.threads } : {};
  using lone = new LoneCall(call, element, { isa, ...workers });
  const own = lone.contributions();
  if (stage !== undefined || own?.partials !== undefined) return own;
  return rowContributions(call, element, isa) ?? own;
}

/** Arrivals of chunks in an order. */
function chunksTold(fold: ChunkFold, order: ArrayLike<number>): ArrivalAt[] {
  const { sums } = fold.fold(order);
  return Array.from(order, (chunk, i) => ({
    task: fold.task(chunk),
    takes: fold.takes(chunk),
    partial: floatValue(fold.partial(chunk)),
    sum: floatValue(sums[i]!),
  }));
}

const hidden =
  'this operation joins its sums in memory of its own, so it is not seen which arrival changed the element';

/** The order of a run whose arrivals were drawn: that of the replay is that of the run. */
function recordedOrder(place: ElementPlace, side: Side): SideOrder {
  const log = side.stage!.watch(place.step, place.operation, place.element);
  const seed = side.receipt.options.arrivalSeed;
  const words = `sums arrived in the order drawn from seed ${seed}, replayed exactly`;
  const tasks = log.filter(({ loop }) => loop === 0).map(({ task }) => task);
  const fold = chunkFold(place.call, place.element);
  const order = fold && chunksInOrder(fold, tasks);
  if (fold && order && side.value !== undefined && bitsOf(fold.fold(order).end) === bitsOf(side.value)) {
    return { how: 'recorded', words, arrivals: chunksTold(fold, order) };
  }
  const of = fold === undefined ? contributionsOf(place, side) : undefined;
  if (of === undefined) {
    return { how: 'recorded', words: `${words}; ${hidden}; tasks ran in the order ${tasks.join(', ')}`, arrivals: [] };
  }
  const arrived = log.filter(({ loop, task }) => loop === of.loop && of.tasks.includes(task));
  const sums = arrived.map(({ task, value }) => ({ task, sum: value }));
  return { how: 'recorded', words, arrivals: told(place.call, of, sums) };
}

const foundWords = (count: number, tried: number) =>
  `this order of the ${count} partial sums gives its bits (found as number ${tried} tried)`;

function unfound(all: boolean, tried: number, count: number): string {
  const which = all ? `none of all ${tried} orders` : `none of ${tried} orders tried`;
  return `${which} of its ${count} partial sums gives the recorded bits`;
}

/** Joins of chunks made in looking for an order, at most: some seconds. */
const mostJoins = 2 ** 24;

/** An order of chunks that explains the bits, each task taking its chunks ascending. */
function explainingChunks(fold: ChunkFold, value: number, real: string): SideOrder {
  const none = (how: SideOrder['how'], why: string): SideOrder => ({ how, words: `${real}; ${why}`, arrivals: [] });
  const fits = (order: ArrayLike<number>) => bitsOf(fold.fold(ascendingInTasks(fold, order)).end) === bitsOf(value);
  const tries = Math.max(1, Math.min(randomTries, Math.floor(mostJoins / fold.chunks)));
  const { order, tried, all } = searchOrders(fold.chunks, fits, 1, tries);
  if (order === undefined) return none('unexplained', unfound(all, tried, fold.chunks));
  const arrivals = chunksTold(fold, ascendingInTasks(fold, order));
  return { how: 'explains', words: `${real}; ${foundWords(fold.chunks, tried)}`, arrivals };
}

/** An order of real arrival that explains the bits. */
function explainingOrder(place: ElementPlace, side: Side): SideOrder {
  const real = 'sums arrived as the threads made them, which was not recorded';
  const none = (how: SideOrder['how'], why: string): SideOrder => ({ how, words: `${real}; ${why}`, arrivals: [] });
  const { value } = side;
  if (value === undefined) return none('unknown', 'the value was not kept, so no order can be looked for');
  const fold = chunkFold(place.call, place.element);
  if (fold !== undefined) return explainingChunks(fold, value, real);
  const of = contributionsOf(place, side);
  if (of === undefined) return none('unknown', hidden);
  const { partials, finish, tasks } = of;
  if (partials === undefined)
    return none('unknown', 'its partial sums could not be told apart: they are too many, or tasks add more than once');
  const { order, tried, all } = findOrder(partials, (sum) => {
    const end = finish.get(bitsOf(sum)) ?? (isPlain(finish) ? sum : undefined);
    return end !== undefined && bitsOf(end) === bitsOf(value);
  });
  if (order === undefined) return none('unexplained', unfound(all, tried, tasks.length));
  const sums = runningSums(partials, order);
  const arrived = order.map((at, i) => ({ task: tasks[at]!, sum: sums[i]! }));
  return {
    how: 'explains',
    words: `${real}; ${foundWords(tasks.length, tried)}`,
    arrivals: told(place.call, of, arrived),
  };
}

/** Whether the element is its last running sum, and nothing is done to it afterwards. */
const isPlain = (finish: ReadonlyMap<number, number>) => [...finish].every(([sum, end]) => sum === bitsOf(end));

/** How a run added. */
export function orderOf(place: ElementPlace, side: Side): SideOrder {
  const { kernel } = place.call;
  if (!arrivesIn(side.receipt, kernel)) {
    return { how: 'place', words: `sums are joined by place: ${lawOf(kernel)}`, arrivals: [] };
  }
  return side.stage === undefined ? explainingOrder(place, side) : recordedOrder(place, side);
}

/** The first arrival after which both running sums differ; null where a side has none. */
export function partingJoin([a, b]: readonly [SideOrder, SideOrder]): PartingJoin | null {
  const sums = ({ arrivals }: SideOrder) => arrivals.map(({ sum }) => floatOf(sum.hex));
  const at = firstParting(sums(a), sums(b));
  return at === undefined ? null : { arrival: at + 1, a: a.arrivals[at]!, b: b.arrivals[at]! };
}

function floatOf(hex: string): number {
  return new Float32Array(Uint32Array.of(Number(hex)).buffer)[0]!;
}
