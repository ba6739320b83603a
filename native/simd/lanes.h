// Sums along memory, rule 4 of the contract: element i of a chunk of 4096 goes to lane i mod 16, each lane is one chain,
// the lanes are joined by the join tree. A chunk is what one task computes; the caller joins chunks.
struct LaneSums {
  float lane[16] = {};

  float joined() {
    join_tree(lane, kSumLanes, 1, 1);
    return lane[0];
  }
};

// The chunk's sum of value(i) for i in [begin, end), added: lane = lane + value.
template <class F>
static inline float chunk_sum(int64_t begin, int64_t end, F value) {
  LaneSums sums;
  for (int64_t i = begin; i < end; ++i) sums.lane[(i - begin) & 15] += value(i);
  return sums.joined();
}
