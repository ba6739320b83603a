/** Layers of a network that do not learn, by patterns of their names. */
import { ArgumentError, show } from '../errors/index.js';
import type { Layer } from '../layers/index.js';
import { Network } from './network.js';

/** The layers inside that hold weights, each with its name inside the network: `stem/conv2d`. */
function weighted(network: Network, prefix = ''): { layer: Layer; name: string }[] {
  return network.layers.flatMap((layer) => {
    if (layer instanceof Network) return weighted(layer, `${prefix}${layer.name}/`);
    return layer.weights.length === 0 ? [] : [{ layer, name: `${prefix}${layer.name}` }];
  });
}

/** What a pattern says of a name: `*` is any letters, `?` one, and `!` before it turns it round. */
function fits(pattern: string): (name: string) => boolean {
  const turned = pattern.startsWith('!');
  const words = (turned ? pattern.slice(1) : pattern).split(/([*?])/);
  const parts = words.map((word) =>
    word === '*' ? '.*' : word === '?' ? '.' : word.replace(/[\\^$.|()[\]{}+]/g, '\\$&'),
  );
  const expression = new RegExp(`^${parts.join('')}$`);
  return (name) => expression.test(name) !== turned;
}

/**
 * Keeps the layers whose names fit any of these patterns from learning, as `trainable = false` does of one: `block*` (`*` is any
 * letters, `?` one), or `!predictions` for all but that. Layers of a network inside are `stem/conv2d`. Call it before `compile`, or
 * compile again. Returns the names. Throws ArgumentError, before any is changed, for a pattern that fits no layer with weights, and where
 * nothing would be left to learn. Example: `freezeLayers(networks.xception(), ['block?_*', 'block1?_*'])`.
 */
export function freezeLayers(network: Network, patterns: readonly string[]): string[] {
  const who = 'freezeLayers';
  const layers = weighted(network);
  const chosen = new Set<(typeof layers)[number]>();
  for (const pattern of patterns) {
    const holds = fits(pattern);
    const found = layers.filter(({ name }) => holds(name));
    if (found.length === 0) {
      const some = layers.slice(0, 5).map(({ name }) => show(name));
      const names = `${some.join(', ')}${layers.length > 5 ? ` and ${layers.length - 5} more` : ''}`;
      throw new ArgumentError({
        who,
        expected: `a pattern of names of layers with weights (${names})`,
        got: show(pattern),
      });
    }
    for (const one of found) chosen.add(one);
  }
  if (layers.length > 0 && layers.every((one) => chosen.has(one) || !one.layer.trainable)) {
    const got = `all ${layers.length} with weights in ${patterns.map(show).join(', ')}`;
    throw new ArgumentError({ who, expected: 'a layer left to learn', got });
  }
  for (const { layer } of chosen) layer.trainable = false;
  return layers.filter((one) => chosen.has(one)).map(({ name }) => name);
}
