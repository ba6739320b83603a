// The tiles in which a block computes chains (simt/chains.h), and which of them a problem gets: by its size alone, never
// by the device.
#pragma once

#include "core/device.h"
#include "core/order.h"

namespace samebits::simt {

// A warp is 4 threads down and 8 across, each with down x across chains; a block is warps_down x warps_across of them.
struct TileShape {
  int warps_down, warps_across, down, across;
  // Of a hundred fma, in the two forms that there may be, values read four at a time or one: instructions (check:ptx --table has
  // them), twice the reads of shared memory, and half the bytes of global memory. 0: no such form.
  int cost_by_fours, cost_by_ones;

  constexpr int rows() const { return warps_down * 4 * down; }
  constexpr int columns() const { return warps_across * 8 * across; }
  constexpr int threads() const { return warps_down * warps_across * 32; }
};

inline constexpr TileShape kTiles[] = {
    {4, 2, 8, 8, 142, 0},    // 128 x 128
    {4, 2, 8, 4, 0, 225},    // 128 x 64
    {4, 1, 8, 4, 187, 285},  // 128 x 32
    {2, 2, 8, 4, 167, 0},    // 64 x 64
    {2, 1, 4, 4, 215, 330},  // 32 x 32
    {2, 1, 8, 2, 0, 460},    // 64 x 16
};
inline constexpr int kTileCount = sizeof kTiles / sizeof kTiles[0];

// A launch ends with multiprocessors that have no tile left, half of the time of a tile on average, so it costs as though
// there were more tiles than there are: below about 264 large tiles, smaller ones are faster. It is half of 132, a number of
// the table as the costs are, and the same on every device.
inline constexpr int64_t kIdleTiles = 66;

// Whether a problem that takes no tiles of more rows has this one, in this form.
constexpr bool has_tile(int index, bool by_fours, int most_rows) noexcept {
  const TileShape& t = kTiles[index];
  return t.rows() <= most_rows && (by_fours ? t.cost_by_fours : t.cost_by_ones) > 0;
}

// The tile for batches of rows x columns chains: that with the least cost, the first of equals.
constexpr int tile_for(bool by_fours, int most_rows, int64_t batches, int64_t rows, int64_t columns) noexcept {
  int best = -1;
  int64_t least_cost = 0;
  for (int i = 0; i < kTileCount; ++i) {
    if (!has_tile(i, by_fours, most_rows)) continue;
    const TileShape& t = kTiles[i];
    const int each = by_fours ? t.cost_by_fours : t.cost_by_ones;
    const int64_t tiles = batches * ceil_div(rows, t.rows()) * ceil_div(columns, t.columns());
    const int64_t cost = (tiles + kIdleTiles) * t.rows() * t.columns() * each;
    if (best >= 0 && cost >= least_cost) continue;
    best = i;
    least_cost = cost;
  }
  return best;
}

}  // namespace samebits::simt
