/**
 * Where the weights of several runs come from, a layer at a time: from memory, or from files that are too many to be held. What
 * compares them needs one layer of every run at once, and each value once.
 */
import { layerOf, type NamedTensor, type TensorForm } from './tensors.js';

/** The weights of several runs. */
export interface RunsSource {
  /** The tensors of each run, in the order of the model. */
  readonly forms: readonly (readonly TensorForm[])[];
  /** The values of some tensors of a run, by their places in `forms`. They hold until the run is read again. */
  read(run: number, places: readonly number[]): readonly Float32Array[];
}

/** Runs that are in memory. */
export const sourceOf = (models: readonly (readonly NamedTensor[])[]): RunsSource => ({
  forms: models,
  read: (run, places) => places.map((place) => models[run]![place]!.data),
});

/** The layers of a model, each with the places of its tensors. */
export function layersIn(forms: readonly TensorForm[]): { layer: string; places: number[] }[] {
  const layers = new Map<string, number[]>();
  for (const [place, { name }] of forms.entries()) {
    const own = layers.get(layerOf(name));
    if (own === undefined) layers.set(layerOf(name), [place]);
    else own.push(place);
  }
  return [...layers].map(([layer, places]) => ({ layer, places }));
}

/** The values of one layer in every run: a list of tensors each. */
export const readLayer = ({ forms, read }: RunsSource, places: readonly number[]): (readonly Float32Array[])[] =>
  forms.map((_, run) => read(run, places));
