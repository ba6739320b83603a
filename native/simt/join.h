// The join tree on the device. A thread joins eight neighbouring items in registers, a block those of its threads in shared memory:
// as many items as a whole subtree has, and what comes out is joined again until one item is left. The number of passes follows
// from the shape alone.
#pragma once

#include "simt/columns.h"

namespace samebits::simt {

inline constexpr int kRun = 8;  // items that one thread joins
inline constexpr int kJoinLevels = 8;

// A join tree of items that arrive one by one: `push` each, then `joined` once. At most 2^(kLevels - 1) items.
template <int kLevels = kJoinLevels>
class RunningTree {
 public:
  __device__ void push(float sum) {
    int level = 0;
    for (; (count_ >> level & 1) != 0; ++level) sum = open_[level] + sum;
    open_[level] = sum;
    ++count_;
  }
  // +0 where nothing arrived.
  __device__ float joined() const {
    if (count_ == 0) return 0.0f;
    int level = 0;
    while ((count_ >> level & 1) == 0) ++level;
    float sum = open_[level];
    for (++level; (count_ >> level) != 0; ++level)
      if ((count_ >> level & 1) != 0) sum = open_[level] + sum;
    return sum;
  }

 private:
  float open_[kLevels];
  int64_t count_ = 0;
};

// Where results go: divided by a number, the columns from `split` on to another tensor.
struct Results {
  float* first = nullptr;
  float by = 1.0f;
  float* second = nullptr;
  int64_t split = int64_t{1} << 62;

  __device__ void store(int64_t at, float sum) const {
    if (by != 1.0f) sum = sum / by;
    if (at < split)
      first[at] = sum;
    else
      second[at - split] = sum;
  }
};

// A pass that leaves several items: results [segments, groups, width], of up to `per` items each.
struct JoinPass {
  float* joined;
  int64_t results, groups, width, per;
};

// What is joined, here floats [segments, count, width]: how an item is loaded, two neighbours become one, items [first, middle) and
// [middle, end), and a result is stored; the same for a pass whose results are joined further, and for the pass that does so.
struct FloatItems {
  using Item = float;
  static constexpr int kFloats = 1;  // of an item
  const float* items = nullptr;
  int64_t count = 0, width = 0;
  Results out;

  __device__ Item load(int64_t segment, int64_t item, int64_t column) const {
    return items[(segment * count + item) * width + column];
  }
  __device__ static Item join(Item a, Item b, int64_t, int64_t, int64_t) { return a + b; }
  __device__ void store(int64_t at, Item item) const { out.store(at, item); }
  __device__ static void put(Shared& cells, int at, Item item) { cells.put(at, item); }
  __device__ static Item get(const Shared& cells, int at) { return cells.get(at); }

  FloatItems into(const JoinPass& pass) const noexcept { return {items, count, width, {pass.joined}}; }
  FloatItems after(const JoinPass& pass) const noexcept { return {pass.joined, pass.groups, pass.width, out}; }
};

// A block joins a group of one segment in a tile of columns: kRun items a thread.
template <class Op>
__global__ void join_kernel(Columns columns, Divider groups, int64_t count, Op op) {
  Shared cells;
  const int block = static_cast<int>(blockIdx.x), number = columns.tiles.quotient(block);
  const int segment = groups.quotient(number), group = number - segment * groups.by, row = columns.row();
  const int64_t column = columns.column(block - number * columns.tiles.by);
  const int64_t begin = static_cast<int64_t>(group) * columns.rows() * kRun, first = begin + row * kRun;
  const int64_t here = column < columns.count ? count - first : 0;  // items of this thread, or more
  typename Op::Item items[kRun] = {};
#pragma unroll
  for (int k = 0; k < kRun; ++k)
    if (k < here) items[k] = op.load(segment, first + k, column);
#pragma unroll
  for (int span = 1; span < kRun; span *= 2)
#pragma unroll
    for (int k = 0; k + span < kRun; k += 2 * span)
      if (k + span < here)
        items[k] = op.join(items[k], items[k + span], first + k, first + k + span, least(first + k + 2 * span, count));
  const int thread = static_cast<int>(threadIdx.x);
  if (here > 0) op.put(cells, thread, items[0]);
  for (int span = 1; span < columns.rows() && begin + span * kRun < count; span *= 2) {  // as often in every thread
    __syncthreads();
    const int64_t middle = first + span * kRun;
    if ((row & (2 * span - 1)) != 0 || column >= columns.count || middle >= count) continue;
    items[0] = op.join(items[0], op.get(cells, thread + (span << columns.shift)), first, middle,
                       least(middle + span * kRun, count));
    op.put(cells, thread, items[0]);
  }
  if (row == 0 && column < columns.count) op.store((static_cast<int64_t>(segment) * groups.by + group) * columns.count + column, items[0]);
}

// Joins `op` along `count`, [segments, count, width] to [segments, width]; +0 where there are no items.
template <class Op>
Status join(const Call& call, int64_t segments, int64_t count, int64_t width, const Op& op) noexcept {
  Status status = check_columns("join", width);
  if (!status.ok() || segments * width == 0) return status;
  const Columns columns(width);
  const int64_t per = columns.rows_of_block() * kRun, groups = most(1, ceil_div(count, per)), results = segments * groups * width;
  float* joined = groups == 1 ? nullptr : call.context->scratch_of<float>(static_cast<size_t>(results * Op::kFloats));
  if (groups > 1 && joined == nullptr) return out_of_memory("join");
  const JoinPass pass{joined, results, groups, width, per};
  status = launch(call, join_kernel<Op>, segments * groups * columns.tiles.by, kThreads, kThreads * Op::kFloats * sizeof(float),
                  columns, Divider(least(groups, 0x7fffffff)), count, groups == 1 ? op : op.into(pass));
  return status.ok() && groups > 1 ? join(call, segments, groups, width, op.after(pass)) : status;
}

// Items [segments, count, width] into out [segments, width]; nothing at all where they lie there already.
inline Status join_into(const Call& call, const float* items, int64_t segments, int64_t count, int64_t width,
                        const Results& out) noexcept {
  if (count == 1 && items == out.first) return {};
  return join(call, segments, count, width, FloatItems{items, count, width, out});
}
inline Status join_into(const Call& call, const float* items, int64_t segments, int64_t count, int64_t width,
                        float* out) noexcept {
  return join_into(call, items, segments, count, width, Results{out});
}

// Where `count` items of each of `width` results are to be written: scratch memory, or where the results go if there is nothing to
// join. Null when memory is out.
inline float* place_of_items(const Call& call, int64_t count, int64_t width, float* out) noexcept {
  return count == 1 ? out : call.context->scratch_of<float>(static_cast<size_t>(count * width));
}

inline Status clear(const Call& call, float* out, int64_t count) noexcept {
  if (count <= 0) return {};
  return check_cuda("clearing memory",
                    cudaMemsetAsync(out, 0, static_cast<size_t>(count) * sizeof(float), stream_of(call)));
}

}  // namespace samebits::simt
