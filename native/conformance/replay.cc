#include "conformance/replay.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "core/numerics.h"
#include "prove/sha256.h"

namespace samebits::conformance {
namespace {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "digests are over little-endian bytes");

class Replay {
 public:
  Replay(Runtime& runtime, const Case& one) : runtime_(runtime), case_(one) {
    for (const size_t bytes : one.buffers) {
      blocks_.push_back(runtime.take(bytes));
      if (blocks_.back() == nullptr) throw std::runtime_error(one.title + ": expected memory, got none");
      // Every float a NaN, so that a value no kernel wrote does not look like a result.
      const std::string unwritten(bytes, '\xff');
      expect(runtime.write(blocks_.back()->data, unwritten.data(), bytes));
    }
  }

  Outcome run() {
    for (const auto& step : case_.steps) std::visit([this](const auto& each) { take(each); }, step);
    static constexpr char kHex[] = "0123456789abcdef";
    outcome_.digest = "sha256:";
    for (const uint8_t byte : sha_.finish()) {
      outcome_.digest += kHex[byte >> 4];
      outcome_.digest += kHex[byte & 15];
    }
    return std::move(outcome_);
  }

 private:
  void expect(const Status& status) const {
    if (!status.ok()) throw std::runtime_error(case_.title + ": " + status.message);
  }

  void take(const Write& write) {
    expect(runtime_.write(blocks_[write.buffer]->data, write.bytes.data(), write.bytes.size()));
  }

  void take(const KernelCall& call) {
    Call native;
    native.tensor_count = call.kernel->tensor_count;
    native.settings = call.settings;
    for (int i = 0; i < native.tensor_count; ++i)
      native.tensors[i] = view(call.tensors[i], call.kernel->tensors[i].dtype);
    expect(runtime_.run(*call.kernel, native));
  }

  void take(const Result& result) {
    const View seen = view(result.tensor, Dtype::kFloat32);
    std::vector<float> values(static_cast<size_t>(seen.size()));
    expect(runtime_.read(values.data(), seen.data, values.size() * sizeof(float)));
    std::string head = "[\"" + result.name + "\",\"float32\",[";
    for (int axis = 0; axis < seen.rank; ++axis) {
      if (axis > 0) head += ',';
      head += std::to_string(seen.shape[axis]);
    }
    head += "]]\n";
    sha_.update(head.data(), head.size());
    for (float& value : values)
      if (value != value) value = numerics::from_bits(numerics::kNan);  // every NaN is one value
    sha_.update(values.data(), values.size() * sizeof(float));
    outcome_.results.push_back(std::move(values));
  }

  View view(const Argument& tensor, Dtype dtype) const {
    View seen;
    seen.dtype = dtype;
    if (tensor.buffer < 0) return seen;
    seen.data =
        static_cast<std::byte*>(blocks_[tensor.buffer]->data) + tensor.offset * (dtype == Dtype::kUint8 ? 1 : 4);
    seen.rank = static_cast<int>(tensor.shape.size());
    for (int axis = 0; axis < seen.rank; ++axis) seen.shape[axis] = tensor.shape[axis];
    return seen;
  }

  Runtime& runtime_;
  const Case& case_;
  std::vector<std::shared_ptr<Block>> blocks_;
  prove::Sha256 sha_;
  Outcome outcome_;
};

}  // namespace

Outcome replay(Runtime& runtime, const Case& one) { return Replay(runtime, one).run(); }

bool close_to(const Outcome& got, const Outcome& reference, float tolerance) {
  for (size_t r = 0; r < reference.results.size(); ++r) {
    const std::vector<float>&want = reference.results[r], &have = got.results[r];
    double scale = 0;
    for (const float value : want) scale = std::max(scale, std::fabs(static_cast<double>(value)));
    for (size_t i = 0; i < want.size(); ++i)
      if (!(std::fabs(static_cast<double>(have[i]) - static_cast<double>(want[i])) <= tolerance * scale)) return false;
  }
  return true;
}

}  // namespace samebits::conformance
