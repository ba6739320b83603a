// The CUDA kernels of the functions of two tensors that broadcast.
#include "ops/binary/binary.h"

#include "core/numerics.h"
#include "simt/rows.h"

namespace samebits {

// The axes as a thread walks them.
struct BinaryAxes {
  BroadcastAxes of;
  simt::Divider size[kMaxRank];
};

// f(i, a, b) for every value of the result, a thread each.
template <class F>
static Status binary_each(const Call& call, F f) noexcept {
  constexpr int64_t kMost = 0x7fffffff;
  const float *a = call.tensors[0].f32(), *b = call.tensors[1].f32();
  const View& y = call.tensors[2];
  const int64_t values = y.size();
  if (values == 0) return {};
  BinaryAxes axes = {broadcast_axes(call.tensors, 2, y), {}};
  const int64_t width = axes.of.width(), rows = values / width;
  if (rows > kMost)
    return refuse(StatusCode::kShape, "binary: expected at most %lld rows on a CUDA device, got %lld",
                  static_cast<long long>(kMost), static_cast<long long>(rows));
  for (int axis = 0; axis < axes.of.count; ++axis) axes.size[axis] = simt::Divider(axes.of.size[axis]);
  return simt::each_in_rows(call, rows, width, [=] __device__(int64_t row, int64_t column) {
    const int inner = axes.of.count - 1;
    int64_t left = column * axes.of.stride[0][inner], right = column * axes.of.stride[1][inner];
    int rest = static_cast<int>(row);
    for (int axis = inner - 1; axis >= 0; --axis) {
      const int before = axes.size[axis].quotient(rest), at = rest - before * axes.size[axis].by;
      left += at * axes.of.stride[0][axis];
      right += at * axes.of.stride[1][axis];
      rest = before;
    }
    f(row * width + column, a[left], b[right]);
  });
}

template <class F>
static Status binary_forward(const Call& call) noexcept {
  float* y = call.tensors[2].f32();
  return binary_each(call, [=] __device__(int64_t i, float a, float b) { y[i] = F::of(a, b); });
}

// F::of(a, b) is b where that is chosen, which a tie is not.
template <class F>
static Status binary_choice_gradient(const Call& call) noexcept {
  const float* dy = call.tensors[2].f32();
  float *da = call.tensors[3].f32(), *db = call.tensors[4].f32();
  return binary_each(call, [=] __device__(int64_t i, float a, float b) {
    const bool second = F::second(a, b);
    if (da != nullptr) da[i] = second ? 0.0f : dy[i];
    if (db != nullptr) db[i] = second ? dy[i] : 0.0f;
  });
}

struct Add {
  __device__ static float of(float a, float b) { return a + b; }
};
struct Subtract {
  __device__ static float of(float a, float b) { return a - b; }
};
struct Multiply {
  __device__ static float of(float a, float b) { return a * b; }
};
struct Divide {
  __device__ static float of(float a, float b) { return a / b; }
};
struct Maximum {
  __device__ static float of(float a, float b) { return numerics::larger(a, b); }
  __device__ static bool second(float a, float b) { return !(b <= a) && a == a; }
};
struct Minimum {
  __device__ static bool second(float a, float b) { return !(b >= a) && a == a; }
  __device__ static float of(float a, float b) { return second(a, b) ? b : a; }
};

static Status binary_divide_gradient(const Call& call) noexcept {
  const float* dy = call.tensors[2].f32();
  float* db = call.tensors[3].f32();
  return binary_each(call, [=] __device__(int64_t i, float a, float b) { db[i] = dy[i] * ((a * -1.0f / b) / b); });
}

struct Power {
  __device__ static float of(float a, float b) { return numerics::pow(a, b); }
};
static Status binary_power_gradient(const Call& call) noexcept {
  const float* dy = call.tensors[2].f32();
  float *da = call.tensors[3].f32(), *db = call.tensors[4].f32();
  return binary_each(call, [=] __device__(int64_t i, float a, float b) {
    if (da != nullptr) da[i] = numerics::pow_base_gradient(a, b, dy[i]);
    if (db != nullptr) db[i] = numerics::pow_exponent_gradient(a, b, dy[i]);
  });
}

static constexpr CudaRow kRows[] = {
    {"binary.add", {{binary_forward<Add>, binary_forward<Add>}}},
    {"binary.subtract", {{binary_forward<Subtract>, binary_forward<Subtract>}}},
    {"binary.multiply", {{binary_forward<Multiply>, binary_forward<Multiply>}}},
    {"binary.divide", {{binary_forward<Divide>, binary_forward<Divide>}}},
    {"binary.maximum", {{binary_forward<Maximum>, binary_forward<Maximum>}}},
    {"binary.minimum", {{binary_forward<Minimum>, binary_forward<Minimum>}}},
    {"binary.power", {{binary_forward<Power>, binary_forward<Power>}}},
    {"binary.divideGradient", {{binary_divide_gradient, binary_divide_gradient}}},
    {"binary.maximumGradient", {{binary_choice_gradient<Maximum>, binary_choice_gradient<Maximum>}}},
    {"binary.minimumGradient", {{binary_choice_gradient<Minimum>, binary_choice_gradient<Minimum>}}},
    {"binary.powerGradient", {{binary_power_gradient, binary_power_gradient}}},
};

extern const CudaColumn binary_cuda;
const CudaColumn binary_cuda = cuda_column(kRows);

}  // namespace samebits
