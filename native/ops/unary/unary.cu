// The CUDA kernels of the unary functions, forward and backward.
#include "ops/unary/unary.h"

#include "simt/launch.h"

namespace samebits {

template <class F>
static Status unary_forward(const Call& call) noexcept {
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  return simt::each(call, call.tensors[0].size(), [=] __device__(int64_t i) { y[i] = F::of(x[i]); });
}

// F::of(value, dy): value is y or x, as the contract's tensors say.
template <class F>
static Status unary_gradient(const Call& call) noexcept {
  const float* value = call.tensors[0].f32();
  const float* dy = call.tensors[1].f32();
  float* dx = call.tensors[2].f32();
  return simt::each(call, call.tensors[0].size(), [=] __device__(int64_t i) { dx[i] = F::of(value[i], dy[i]); });
}

struct Exp {
  __device__ static float of(float x) { return numerics::exp(x); }
};
struct ExpGradient {
  __device__ static float of(float y, float dy) { return dy * y; }
};
struct Log {
  __device__ static float of(float x) { return numerics::log(x); }
};
struct LogGradient {
  __device__ static float of(float x, float dy) { return dy / x; }
};
struct Tanh {
  __device__ static float of(float x) { return numerics::tanh(x); }
};
struct TanhGradient {
  __device__ static float of(float y, float dy) { return dy * (1.0f - y * y); }
};
struct Sqrt {
  __device__ static float of(float x) { return numerics::sqrt(x); }
};
struct SqrtGradient {
  __device__ static float of(float y, float dy) { return dy / (y + y); }
};

struct Negate {
  __device__ static float of(float x) { return -x; }
};
struct Abs {
  __device__ static float of(float x) { return x > 0.0f ? x : 0.0f - x; }
};
struct AbsGradient {
  __device__ static float of(float x, float dy) { return x > 0.0f ? dy : (x < 0.0f ? -dy : 0.0f); }
};
struct Square {
  __device__ static float of(float x) { return x * x; }
};
struct SquareGradient {
  __device__ static float of(float x, float dy) { return dy * (x + x); }
};

static constexpr CudaRow kRows[] = {
    {"unary.exp", {{unary_forward<Exp>, unary_forward<Exp>}}},
    {"unary.log", {{unary_forward<Log>, unary_forward<Log>}}},
    {"unary.tanh", {{unary_forward<Tanh>, unary_forward<Tanh>}}},
    {"unary.sqrt", {{unary_forward<Sqrt>, unary_forward<Sqrt>}}},
    {"unary.negate", {{unary_forward<Negate>, unary_forward<Negate>}}},
    {"unary.abs", {{unary_forward<Abs>, unary_forward<Abs>}}},
    {"unary.square", {{unary_forward<Square>, unary_forward<Square>}}},
    {"unary.expGradient", {{unary_gradient<ExpGradient>, unary_gradient<ExpGradient>}}},
    {"unary.logGradient", {{unary_gradient<LogGradient>, unary_gradient<LogGradient>}}},
    {"unary.tanhGradient", {{unary_gradient<TanhGradient>, unary_gradient<TanhGradient>}}},
    {"unary.sqrtGradient", {{unary_gradient<SqrtGradient>, unary_gradient<SqrtGradient>}}},
    {"unary.absGradient", {{unary_gradient<AbsGradient>, unary_gradient<AbsGradient>}}},
    {"unary.squareGradient", {{unary_gradient<SquareGradient>, unary_gradient<SquareGradient>}}},
};

extern const CudaColumn unary_cuda;
const CudaColumn unary_cuda = cuda_column(kRows);

}  // namespace samebits
