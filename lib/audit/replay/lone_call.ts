/**
 * One captured call of a kernel, made again by itself in drawn orders of arrival, to take apart what one element of its
 * output is the sum of. A partial sum is what the element holds after a task that came first; that nothing else is added
 * is checked: the running sums of every call made have to follow from the partial sums.
 */
import { shuffle, streams } from '../../random/index.js';
import { type Arrival, createRuntime, type Isa, type Runtime } from '../../runtime/index.js';
import { Tensor } from '../../tensor/index.js';
import { bitsOf, runningSums } from './orders.js';
import type { CapturedCall } from './stage.js';

/** An element of an output of a call: the output's place among the kernel's tensors, and its row-major index. */
export interface CallElement {
  slot: number;
  index: number;
}

/** What an element is the sum of. */
export interface Contributions {
  loop: number;
  /** Tasks that add to it, ascending. */
  tasks: number[];
  /** Whether rows of dy stand in the place of tasks. */
  rows?: true;
  /** What each of them adds; undefined where there are too many, or where a task adds more than once. */
  partials: number[] | undefined;
  /** What the element is at the end, by the bits of the last running sum; a mean is divided once more. */
  finish: Map<number, number>;
}

/** Calls made to see which tasks add to the element. */
const looks = 8;
/** Partial sums that are told apart, at most. */
const mostPartials = 64;
/** Orders drawn to find one in which a task comes first. */
const mostDraws = 4096;
const seed = 1;

interface Call {
  log: Arrival[];
  value: number;
}

/** A captured call on a runtime of its own. */
export class LoneCall {
  readonly #runtime: Runtime;
  readonly #tensors: (Tensor | null)[];
  readonly #calls: Call[] = [];

  /** `workers` cuts the sums as so many threads do; without it, as where arrival is seeded. */
  constructor(
    readonly call: CapturedCall,
    readonly element: CallElement,
    readonly target: { isa: Isa; workers?: number },
  ) {
    this.#runtime = createRuntime({ isa: target.isa, mode: 'atomic', threads: 1, arrival: { seed } });
    this.#tensors = call.before.map((tensor) => {
      if (tensor === null) return null;
      const copy = Tensor.empty(this.#runtime, tensor.shape, tensor.dtype);
      copy.write(tensor.data);
      return copy;
    });
  }

  /** What the element is the sum of; undefined where it does not grow while the tasks run. */
  contributions(): Contributions | undefined {
    for (let draw = 0; draw < looks; draw += 1) this.#make(draw);
    const loop = this.#growingLoop();
    if (loop === undefined) return undefined;
    const tasks = this.#tasksOf(loop);
    const first = tasks.length > mostPartials ? undefined : this.#partials(loop, tasks);
    const partials = first && this.#follows(loop, tasks, first) ? first : undefined;
    const finish = new Map(this.#calls.map(({ log, value }) => [bitsOf(this.#last(log, loop)), value]));
    return { loop, tasks, partials, finish };
  }

  dispose(): void {
    for (const tensor of this.#tensors) tensor?.dispose();
    this.#runtime.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #make(draw: number): Call {
    const { slot, index } = this.element;
    const watched = this.#tensors[slot]!;
    this.#runtime.beginStep(draw, this.target.workers);
    this.#runtime.watchArrivals(watched.native(), index);
    const { kernel, settings } = this.call;
    this.#runtime.run(
      kernel,
      this.#tensors.map((tensor) => tensor?.native() ?? null),
      settings,
    );
    const call = { log: this.#runtime.arrivals(), value: (watched.data() as Float32Array)[index]! };
    this.#calls.push(call);
    return call;
  }

  /** The loop in which the element changes last. */
  #growingLoop(): number | undefined {
    const loops = this.#calls.flatMap(({ log }) => changes(log).map(({ loop }) => loop));
    return loops.length === 0 ? undefined : loops.reduce((a, b) => Math.max(a, b));
  }

  #tasksOf(loop: number): number[] {
    const tasks = this.#calls.flatMap(({ log }) => changes(log).filter((one) => one.loop === loop));
    return [...new Set(tasks.map(({ task }) => task))].sort((a, b) => a - b);
  }

  #partials(loop: number, tasks: readonly number[]): number[] | undefined {
    const found = new Map<number, number>();
    const note = ({ log }: Call) => {
      const first = log.find((one) => one.loop === loop && tasks.includes(one.task));
      if (first && !found.has(first.task)) found.set(first.task, first.value);
    };
    for (const call of this.#calls) note(call);
    const count = this.#calls[0]!.log.filter((one) => one.loop === loop).length;
    for (let draw = looks; draw < mostDraws && found.size < tasks.length; draw += 1) {
      // The order the runtime will draw (docs/sources.md), so that only calls that tell something are made.
      const order = shuffle(count, { seed, stream: streams.arrival + 256 * loop, step: draw });
      const first = order.find((task) => tasks.includes(task))!;
      if (!found.has(first)) note(this.#make(draw));
    }
    return found.size === tasks.length ? tasks.map((task) => found.get(task)!) : undefined;
  }

  /** Whether the running sums of all calls follow from the partial sums. */
  #follows(loop: number, tasks: readonly number[], partials: readonly number[]): boolean {
    return this.#calls.every(({ log }) => {
      const arrived = log.filter((one) => one.loop === loop && tasks.includes(one.task));
      const sums = runningSums(
        partials,
        arrived.map(({ task }) => tasks.indexOf(task)),
      );
      return sums.every((sum, i) => bitsOf(sum) === bitsOf(arrived[i]!.value));
    });
  }

  #last(log: readonly Arrival[], loop: number): number {
    return log.filter((one) => one.loop === loop).at(-1)!.value;
  }
}

/** Arrivals that changed the element; what it held before the first is not known. */
function changes(log: readonly Arrival[]): Arrival[] {
  return log.filter((one, i) => i > 0 && bitsOf(one.value) !== bitsOf(log[i - 1]!.value));
}
