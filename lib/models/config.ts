/** A network as plain data: the `config` of Keras's Sequential and Functional. */
import { type ClassConfig, type Config, classConfig, type Json } from '../classes/index.js';
import type { Layer, Symbolic } from '../layers/index.js';
import { type Graph, nameLayers } from './graph.js';

/** A layer as plain data. Throws ArgumentError for a class of the user's own that has no way back, by name. */
const layerConfig = (layer: Layer): ClassConfig => classConfig(layer, 'modelConfig');

const json = (value: unknown) => value as Json;

/** The places of a layer in the order in which they are numbered, as `keras_history` counts them. */
function numbered({ inputs, places }: Graph): Map<Symbolic, number> {
  const used = new Map<Layer, number>();
  return new Map(
    [...inputs, ...places].map((place) => {
      const before = used.get(place.layer) ?? 0;
      used.set(place.layer, before + 1);
      return [place, before] as const;
    }),
  );
}

/** Whether it learns, each layer says for itself. */
const trainable = true;

/** As Keras writes ends: the only one, or a list. */
const oneOrAll = (ends: readonly Json[]): Json => (ends.length === 1 ? ends[0]! : [...ends]);

/** The config of a network from its ends. */
export function functionalConfig(name: string, graph: Graph): Config {
  const numbers = numbered(graph);
  const tensor = (place: Symbolic) => ({
    class_name: '__keras_tensor__',
    config: {
      shape: [null, ...place.shape],
      dtype: 'float32',
      keras_history: [place.layer.name, numbers.get(place)!, 0],
    },
  });
  const layers = graph.layers.map((layer) => {
    const nodes = graph.places.filter((place) => place.layer === layer);
    return {
      ...layerConfig(layer),
      name: layer.name,
      inbound_nodes: nodes.map(({ inputs }) => {
        const [first, ...others] = inputs.map(tensor);
        return { args: [others.length === 0 ? first : [first, ...others]], kwargs: {} };
      }),
    };
  });
  // Keras counts the uses of a Functional inside a model from 1 here, and from 0 everywhere else.
  const end = (place: Symbolic) => [
    place.layer.name,
    numbers.get(place)! + (place.layer.className === 'Functional' ? 1 : 0),
    0,
  ];
  return {
    ...{ name, trainable },
    layers: json(layers),
    input_layers: oneOrAll(graph.inputs.map(end)),
    output_layers: oneOrAll(graph.outputs.map(end)),
  };
}

/** The config of layers in a row, which begin with an input where the shape is known. */
export function sequentialConfig(name: string, row: readonly Layer[], graph?: Graph): Config {
  const input = graph?.inputs[0];
  if (input !== undefined) {
    const layers = json([input.layer, ...row].map(layerConfig));
    return { name, trainable, layers, build_input_shape: [null, ...input.shape] };
  }
  // Two layers of one kind are told apart by their names, which a graph would give them.
  nameLayers([...new Set(row)]);
  return { name, trainable, layers: json(row.map(layerConfig)) };
}
