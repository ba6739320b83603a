// The special forms of each kernel: functions and instances of templates that only some shapes take, by operation. A form that
// exists in a build on an instruction set has to be taken there; so has every other function and every line that is not here.

/** Forms by the folder in native/ops, or by the file in native/simd that several share. */
export const forms: Readonly<Record<string, readonly string[]>> = {
  average_pool2d: ['average_row', 'spread_shares', 'spread_side_by_side'],
  batch_norm: [
    ...['batch_norm_chunk_vectors<4>', 'batch_norm_chunk_vectors<2>', 'batch_norm_chunk_vectors<1>'],
    ...['batch_norm_chunk_tail', 'batch_norm_statistics_join', 'batch_norm_arrive'],
    ...['batch_norm_parameter_chunk<4, ', 'batch_norm_parameter_chunk<2, ', 'batch_norm_parameter_chunk<1, '],
  ],
  conv2d: [
    ...['correlate_tile', 'correlate_store', 'correlate_arrive', 'correlate_scatter'],
    ...['across_tile', 'across_store', 'correlate_across'],
    ...[1, 8].flatMap((columns) => [1, 2].map((vectors) => `narrow_tile<${columns}, ${vectors}>`)),
    ...['narrow_run<1>', 'narrow_run<8>', 'gradient_at_borders', 'sum_pair', 'pack_gradient<1>', 'pack_gradient<2>'],
    ...['BatchTile::tile<1, 1>', 'BatchTile::tile<14, 1>', 'BatchTile::tile<1, 2>', 'BatchTile::tile<14, 2>'],
  ],
  dense: ['product_arriving', 'sum_samples_arriving', 'join_some<7, ', 'join_some<1, '],
  depthwise_conv2d: [
    ...[1, 2, 3].flatMap((kh) => [1, 2, 3].map((kw) => `depthwise_neighbours<${kh}, ${kw}>`)),
    ...['depthwise_row_any', 'depthwise_gather_any', 'depthwise_gradient_any'],
    ...['depthwise_gradient_nine<1>', 'depthwise_gradient_nine<2>'],
  ],
  image_transform: ['transform_band<0>', 'transform_band<1>', 'transform_band<3>', 'read_block', 'Reader<3>::copy_row'],
  max_pool2d: [
    ...['best_of<0>', 'best_of<2>', 'best_of<3>', 'pool_window<0>', 'pool_window<2>', 'pool_window<3>'],
    ...['spread_row', 'spread_2x2', 'gather_any', 'gather_threes<1>', 'gather_threes<2>'],
    ...[0, 1, 2].flatMap((down) => [0, 1, 2].map((across) => `gather_input<${down}, ${across}>`)),
    ...['gather_noted<0>', 'gather_noted<1>', 'gather_noted<2>'],
  ],
  reduce: ['reduce_row', 'reduce_columns', 'reduce_offset', 'reduce_spread<'],
  resize_bilinear: ['resize_row<3, ', 'resize_row<0, ', 'resize_bytes_row<1, ', 'resize_bytes_row<3, '],
  'fused.h': ['FusedWithOptions<true>::value', 'FusedWithOptions<false>::value', 'FusedHardSwish::gradient'],
  'tile.h': ['chain_tile<1, 1>', 'chain_tile<14, 1>', 'chain_tile<1, 2>', 'chain_tile<14, 2>'],
  'gradient_tile.h': ['GradientTile<1>::tile<1, 1>', 'GradientTile<1>::tile<14, 2>', 'GradientTile<2>::tile<7, 2>'],
};

/** What no shape can take, and why. */
export const unreachable: readonly { pattern: RegExp; why: string }[] = [
  {
    pattern: /^(scalar|avx2|neon) .*(sum_pair|GradientTile<2>|conv2d_batch\.h:(7\d|8\d|13[67]):)/,
    why: 'samples go in pairs only where a tile has two vectors of columns',
  },
  { pattern: /^scalar .*(narrow|across)/, why: 'the referee keeps the plain form' },
  { pattern: /out_of_memory/, why: 'memory does not run out' },
];
