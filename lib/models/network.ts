/** A network of layers that is itself a layer: its graph, its weights and how it computes. */
import { letGo } from '../autograd/index.js';
import type { ClassSpec, Config } from '../classes/index.js';
import { ArgumentError, ShapeError, show } from '../errors/index.js';
import {
  type ActivationName,
  type CallContext,
  input,
  Layer,
  type LayerOptions,
  type NamedWeight,
  type Symbolic,
  type Weight,
} from '../layers/index.js';
import type { Runtime } from '../runtime/index.js';
import { type Shape, sameShape, type Tensor } from '../tensor/index.js';
import { functionalConfig, sequentialConfig } from './config.js';
import { type Graph, graphOf, type Step } from './graph.js';

/** What a network is made from: the ends of a graph, layers in a row that learn their input shape later, or both. */
export interface NetworkSource {
  ends?: { inputs: readonly Symbolic[]; outputs: readonly Symbolic[] };
  row?: readonly Layer[];
}

export class Network extends Layer {
  readonly kind: string;
  readonly kerasName: string;
  readonly #row: readonly Layer[] | undefined;
  #graph: Graph | undefined;

  constructor({ ends, row }: NetworkSource, options: LayerOptions) {
    super('model', options);
    this.kind = row === undefined ? 'functional' : 'sequential';
    this.kerasName = row === undefined ? 'Functional' : 'Sequential';
    this.#row = row;
    this.#graph = ends && graphOf(ends.inputs, ends.outputs);
  }

  /** The graph. Throws ArgumentError for a sequential network whose input shape is not known yet. */
  get graph(): Graph {
    if (this.#graph !== undefined) return this.#graph;
    throw new ArgumentError({
      who: this.name,
      expected: 'a network that knows its input shape',
      got: 'one that does not',
      hint: "begin it with input({ shape: ... }), or apply it to another layer's output",
    });
  }

  /** Whether any of its layers learns; setting it sets that of all of them. */
  override get trainable(): boolean {
    return this.#row === undefined && this.#graph === undefined
      ? super.trainable
      : this.layers.some(({ trainable }) => trainable);
  }

  override set trainable(value: boolean) {
    for (const layer of this.layers) layer.trainable = value;
  }

  override get spec(): ClassSpec {
    // Keras 3 has no public name for the module of its Functional, and writes this one.
    const module = this.#row === undefined ? 'keras.src.models.functional' : 'keras';
    return { className: this.kerasName, module, options: [] };
  }

  /** The layers and how they are joined, as Keras 3 writes them. Throws ArgumentError for a class without a way back. */
  override getConfig(): Config {
    return this.#row === undefined
      ? functionalConfig(this.name, this.graph)
      : sequentialConfig(this.name, this.#row, this.#graph);
  }

  /** The shape of a sample where there is one input whose shape is known. */
  get inputShape(): Shape | undefined {
    const inputs = this.#graph?.inputs ?? [];
    return inputs.length === 1 ? inputs[0]!.shape : undefined;
  }

  get layers(): readonly Layer[] {
    return this.#graph?.layers ?? this.#row!;
  }

  /**
   * A layer by its name, or by its place from 0: `model.getLayer('conv2d')`. Throws ArgumentError for one that there is not.
   */
  getLayer(which: string | number): Layer {
    const { layers } = this;
    const found = typeof which === 'number' ? layers[which] : layers.find(({ name }) => name === which);
    if (found !== undefined) return found;
    const names = layers.map(({ name }) => show(name)).join(', ');
    const expected = typeof which === 'number' ? `a place from 0 to ${layers.length - 1}` : `a layer named ${names}`;
    throw new ArgumentError({ who: this.name, expected, got: show(which) });
  }

  override get leaves(): readonly Layer[] {
    return this.layers.flatMap((layer) => layer.leaves);
  }

  override get weights(): readonly Weight[] {
    return this.layers.flatMap((layer) => layer.weights);
  }

  override namedWeights(): NamedWeight[] {
    return this.layers.flatMap((layer) =>
      layer.namedWeights().map(({ name, weight }) => ({
        name: layer instanceof Network ? `${layer.name}/${name}` : name,
        weight,
      })),
    );
  }

  /** @internal Makes the weights of every layer; `position` is that of the first. */
  override make(runtime: Runtime, seed: number, position: number): void {
    this.leaves.forEach((layer, i) => {
      layer.make(runtime, seed, position + i);
    });
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    if (this.#graph === undefined) {
      const ends = inputs.map((shape) => input({ shape }));
      const [first, ...others] = ends;
      if (first === undefined || others.length > 0) {
        throw new ArgumentError({ who: this.name, expected: 'one input', got: `${ends.length}` });
      }
      this.#graph = graphOf(ends, [this.#row!.reduce((x, layer) => layer.apply(x), first)]);
    }
    const { inputs: own, output, outputs } = this.#graph;
    if (outputs.length > 1) {
      const expected = 'a network with one output inside another one';
      throw new ArgumentError({ who: this.name, expected, got: `one with ${outputs.length}` });
    }
    if (inputs.length !== own.length || !own.every((one, i) => sameShape(one.shape, inputs[i]!))) {
      const list = (shapes: readonly Shape[]) => shapes.map((shape) => show([...shape])).join(', ');
      throw new ShapeError({
        who: this.name,
        expected: `input ${list(own.map((one) => one.shape))}`,
        got: list(inputs),
      });
    }
    return output.shape;
  }

  override get lastActivation(): ActivationName {
    return this.graph.heads[0]!.layer.lastActivation;
  }

  /** Computes the output. A value that no later step reads is let go. */
  override call(inputs: readonly Tensor[], context: CallContext): Tensor {
    return this.callOutputs(inputs, context)[0]!;
  }

  /** Computes what goes into the last activation. */
  override callLogits(inputs: readonly Tensor[], context: CallContext): Tensor {
    return this.callOutputs(inputs, context, [true])[0]!;
  }

  /** Computes all outputs, and of those that `logits` names what goes into their last activation. */
  callOutputs(inputs: readonly Tensor[], context: CallContext, logits: readonly boolean[] = []): Tensor[] {
    const before = new Set(this.graph.heads.filter((_, i) => logits[i]));
    return this.#run(inputs, (step, read) => {
      const { layer } = step.place;
      const isLogits = before.has(step.place);
      const value = isLogits ? layer.callLogits!(read, context) : step.call(read, context);
      const penalty = context.penalties && layer.penaltyOf(value, isLogits);
      if (penalty) context.penalties!.push(penalty);
      return value;
    });
  }

  #run(inputs: readonly Tensor[], compute: (step: Step, read: readonly Tensor[]) => Tensor): Tensor[] {
    const graph = this.graph;
    const values = new Map<Symbolic, Tensor>(graph.inputs.map((place, i) => [place, inputs[i]!]));
    const left = new Map(graph.uses);
    for (const step of graph.steps) {
      const read = step.inputs.map((place) => values.get(place)!);
      values.set(step.place, compute(step, read));
      for (const place of step.inputs) {
        left.set(place, left.get(place)! - 1);
        if (left.get(place) === 0) release(place, values, inputs);
      }
    }
    return graph.outputs.map((place) => values.get(place)!);
  }
}

/** Lets the value of a place go that nobody reads forward any more, unless it is also the value of another one. */
function release(place: Symbolic, values: Map<Symbolic, Tensor>, inputs: readonly Tensor[]): void {
  const value = values.get(place)!;
  values.delete(place);
  if (!inputs.includes(value) && ![...values.values()].includes(value)) letGo(value);
}
