/** The places of a network, made one after the other from what its config says of the uses of each layer. */
import { isTable } from '../classes/index.js';
import { DataError, show } from '../errors/index.js';
import type { Layer, Symbolic } from '../layers/index.js';

const who = 'modelFromConfig';

/** Where a tensor comes from: which use, counted from 0, of which layer. */
type History = readonly [layer: string, node: number];

function historyOf(value: unknown): History {
  const [layer, node, tensor] = Array.isArray(value) ? value : [];
  if (typeof layer === 'string' && Number.isSafeInteger(node) && node >= 0 && tensor === 0) return [layer, node];
  throw new DataError({ who, expected: 'a tensor as [layer, node, 0]', got: show(value) });
}

/**
 * Layers whose calls are for training unless it is said: Keras writes that of every use, and its models say it anew in each call, so
 * it changes nothing.
 */
const trainsUnsaid = new Set([
  ...['CenterCrop', 'RandomContrast', 'RandomCrop', 'RandomFlip', 'RandomRotation', 'RandomTranslation', 'RandomZoom'],
  'Resizing',
]);

/** The tensors that one use of a layer reads: `{ args, kwargs }` of Keras 3, or lists of Keras 2. */
function readBy(name: string, node: unknown, className: string): History[] {
  if (Array.isArray(node)) return node.map((one) => historyOf(Array.isArray(one) ? one.slice(0, 3) : one));
  const args = isTable(node) && Array.isArray(node['args']) ? node['args'] : [];
  const [first, ...others] = args;
  const tensors = Array.isArray(first) ? first : [first];
  const told = isTable(node) && isTable(node['kwargs']) ? node['kwargs'] : {};
  const empty = (value: unknown): boolean => value === null || (Array.isArray(value) && value.every(empty));
  // Keras writes that a dropout was not called for training; what is called otherwise is another network.
  const usual = (value: unknown) => value === false || (value === true && trainsUnsaid.has(className));
  const unsaid = (name: string, value: unknown) => empty(value) || (name === 'training' && usual(value));
  const extra = Object.entries(told).find(([name, value]) => !unsaid(name, value));
  if (extra !== undefined || others.length > 0) {
    const got = extra === undefined ? `${args.length} arguments` : extra[0];
    throw new DataError({ who, expected: `calls of ${name} with tensors alone`, got });
  }
  return tensors.map((tensor: unknown) => {
    const config = isTable(tensor) && tensor['class_name'] === '__keras_tensor__' ? tensor['config'] : undefined;
    return historyOf(isTable(config) ? config['keras_history'] : tensor);
  });
}

interface Uses {
  apply(inputs: Symbolic[]): Symbolic;
  /** Whether it is a Functional, whose uses Keras counts in a way of its own. */
  nested: boolean;
  nodes: readonly (readonly History[])[];
  made: Symbolic[];
  /** Whether its next use is being made: a use that waits for itself is a circle. */
  busy: boolean;
}

export class Places {
  readonly #uses = new Map<string, Uses>();

  #take(name: string, uses: Uses): void {
    if (this.#uses.has(name)) throw new DataError({ who, expected: 'layers of different names', got: `two ${name}` });
    this.#uses.set(name, uses);
  }

  /** A place where the network begins; it is made in its turn, as places count up. */
  begin(name: string, make: () => Symbolic): void {
    this.#take(name, { apply: make, nested: false, nodes: [[]], made: [], busy: false });
  }

  /** A layer and its uses. */
  add(name: string, layer: Layer, nodes: readonly unknown[]): void {
    const nested = layer.className === 'Functional';
    const apply = (inputs: Symbolic[]) => layer.apply(inputs);
    this.#take(name, {
      apply,
      nested,
      nodes: nodes.map((node) => readBy(name, node, layer.className ?? '')),
      made: [],
      busy: false,
    });
  }

  /** Makes all places: the first uses in the order of the layers, each behind what it reads, then the others. */
  resolve(): void {
    const all = [...this.#uses];
    const most = all.reduce((n, [, { nodes }]) => Math.max(n, nodes.length), 0);
    for (let node = 0; node < most; node++) {
      for (const [name, { nodes }] of all) if (node < nodes.length) this.#place([name, node]);
    }
  }

  #place([name, node]: History): Symbolic {
    const uses = this.#uses.get(name);
    if (uses === undefined) throw new DataError({ who, expected: 'tensors of layers in the config', got: show(name) });
    while (uses.made.length <= node) {
      const reads = uses.nodes[uses.made.length];
      if (reads === undefined || uses.busy) {
        const expected = uses.busy ? 'layers without a circle' : `uses of ${name} up to ${uses.made.length - 1}`;
        throw new DataError({ who, expected, got: uses.busy ? `one through ${name}` : `${node}` });
      }
      uses.busy = true;
      const inputs = reads.map((one) => this.#place(one));
      uses.busy = false;
      uses.made.push(uses.apply(inputs));
    }
    return uses.made[node]!;
  }

  /** The ends of a network: one, or a list. */
  ends(value: unknown, name: string): Symbolic[] {
    const list = Array.isArray(value) && Array.isArray(value[0]) ? value : [value];
    return list.map((one) => {
      const [layer, node] = historyOf(one);
      // Keras counts the uses of a Functional inside a model from 1 here.
      const nested = this.#uses.get(layer)?.nested ? 1 : 0;
      if (node < nested) throw new DataError({ who, expected: `${name} to count from 1`, got: show(one) });
      return this.#place([layer, node - nested]);
    });
  }
}
