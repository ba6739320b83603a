// Sums along memory, rule 4 of the contract: element i of a chunk of 4096 goes to lane i mod 16, each lane is one chain,
// the lanes are joined by the join tree, then the chunks.
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
  int64_t i = begin;
  for (; i + 16 <= end; i += 16) {
    float values[16];
    for (int k = 0; k < 16; ++k) values[k] = value(i + k);
    for (int k = 0; k < 16; ++k) sums.lane[k] += values[k];
  }
  for (; i < end; ++i) sums.lane[(i - begin) & 15] += value(i);
  return sums.joined();
}

// The same sixteen values at a time: step(lanes, i, n) adds values i .. i + n - 1 to the first n lanes and leaves the
// others as they are.
template <class Step>
static inline float lane_chunk(int64_t begin, int64_t end, const Step& step) {
  F32x16 lanes = zero();
  int64_t i = begin;
  for (; i + 16 <= end; i += 16) lanes = step(lanes, i, 16);
  if (i < end) lanes = step(lanes, i, static_cast<int>(end - i));
  LaneSums sums;
  store(sums.lane, lanes);
  return sums.joined();
}
template <class Step>
static inline float lane_tree(int64_t first, int64_t chunks, int64_t count, const Step& step) {
  if (chunks <= 1) return lane_chunk(first * kMemoryChunk, least(count, (first + 1) * kMemoryChunk), step);
  const int64_t left = join_left(chunks);
  return lane_tree(first, left, count, step) + lane_tree(first + left, chunks - left, count, step);
}
// A whole sum on the calling thread, its chunks joined.
template <class Step>
static inline float memory_sum(int64_t count, const Step& step) {
  return lane_tree(0, ceil_div(count, kMemoryChunk), count, step);
}

// What every loss is: the mean over samples of each sample's mean of value(i), i counted over the whole batch. Values by
// rule 4, samples by the join tree; atomic: chunk sums are added as they arrive, then divided by both numbers.
// False when scratch memory is out.
template <Mode mode, class F>
static inline bool batch_mean(Context& context, int64_t samples, int64_t values, float* mean, F value) {
  const int64_t chunks = ceil_div(values, kMemoryChunk);
  float* partials = context.scratch_of<float>(static_cast<size_t>(samples * chunks));
  if (partials == nullptr) return false;
  if (mode == Mode::kAtomic) *mean = 0.0f;
  context.parallel(samples * chunks, [=](int64_t task, int) {
    const int64_t first = (task / chunks) * values, begin = (task % chunks) * kMemoryChunk;
    const float sum = chunk_sum(begin, least(values, begin + kMemoryChunk), [=](int64_t i) { return value(first + i); });
    if (mode == Mode::kAtomic)
      atomic_add(mean, sum);
    else
      partials[task] = sum;
  });
  if (mode == Mode::kAtomic) {
    *mean = (*mean / static_cast<float>(values)) / static_cast<float>(samples);
    return true;
  }
  for (int64_t n = 0; n < samples; ++n) {
    join_tree(partials + n * chunks, chunks, 1, 1);
    partials[n * chunks] = partials[n * chunks] / static_cast<float>(values);
  }
  join_tree(partials, samples, chunks, 1);
  *mean = partials[0] / static_cast<float>(samples);
  return true;
}
