#include "conformance/replay.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "core/numerics.h"
#include "prove/sha256.h"
#include "runtime/guarded.h"
#include "runtime/sample_row.h"

namespace samebits::conformance {
namespace {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "digests are over little-endian bytes");

class Replay {
 public:
  Replay(Runtime& runtime, const Case& one, Way way) : runtime_(runtime), case_(one), rows_(way == Way::kRows) {
    if (rows_) note_last_uses();
    for (const size_t bytes : one.buffers) {
      Status why;
      blocks_.push_back(runtime.take(bytes, &why));
      expect(why);
      if (blocks_.back() == nullptr) throw std::runtime_error(one.title + ": expected memory, got none");
      // Every float a NaN, so that a value no kernel wrote does not look like a result.
      const std::string unwritten(bytes, '\xff');
      expect(runtime.write(blocks_.back()->data, unwritten.data(), bytes));
    }
  }

  Outcome run() {
    for (size_t step = 0; step < case_.steps.size(); ++step) {
      std::visit([this](const auto& each) { take(each); }, case_.steps[step]);
      for (size_t buffer = 0; buffer < last_use_.size(); ++buffer)
        if (last_use_[buffer] == step) blocks_[buffer].reset();
    }
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
    if (!rows_) return expect(runtime_.run(*call.kernel, native));
    SampleCall sample{call.kernel, native, {}, {}, {}};
    for (int i = 0; i < native.tensor_count; ++i)
      if (call.tensors[i].buffer >= 0) sample.blocks[i] = blocks_[call.tensors[i].buffer];
    if (samples_of(sample) >= 1 && check_by_sample({sample}).ok()) return expect(runtime_.gather({sample}, nullptr));
    // A pool may hand out memory again at once; what a guarded build lets go is gone.
    expect(runtime_.run(*call.kernel, native, kGuarded ? std::make_shared<SampleCall>(sample) : nullptr));
  }

  void take(const Result& result) {
    const View seen = view(result.tensor, Dtype::kFloat32);
    std::vector<float> values(static_cast<size_t>(seen.size()));
    const Transfer all = {values.data(), seen.data, values.size() * sizeof(float)};
    expect(runtime_.read(&all, 1));
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

  void note_last_uses() {
    last_use_.resize(case_.buffers.size(), 0);
    for (size_t step = 0; step < case_.steps.size(); ++step) {
      if (const auto* write = std::get_if<Write>(&case_.steps[step])) last_use_[write->buffer] = step;
      if (const auto* result = std::get_if<Result>(&case_.steps[step])) last_use_[result->tensor.buffer] = step;
      if (const auto* call = std::get_if<KernelCall>(&case_.steps[step]))
        for (const Argument& tensor : call->tensors)
          if (tensor.buffer >= 0) last_use_[tensor.buffer] = step;
    }
  }

  Runtime& runtime_;
  const Case& case_;
  const bool rows_;
  std::vector<size_t> last_use_;  // by buffer, the last step that names it; empty where memory is kept
  std::vector<std::shared_ptr<Block>> blocks_;
  prove::Sha256 sha_;
  Outcome outcome_;
};

}  // namespace

Outcome replay(Runtime& runtime, const Case& one, Way way) { return Replay(runtime, one, way).run(); }

bool close_to(const Outcome& got, const Outcome& reference, float tolerance) {
  for (size_t r = 0; r < reference.results.size(); ++r) {
    const std::vector<float>&want = reference.results[r], &have = got.results[r];
    double scale = 0;
    for (const float value : want)
      if (std::isfinite(value)) scale = std::max(scale, std::fabs(static_cast<double>(value)));
    for (size_t i = 0; i < want.size(); ++i) {
      if (!std::isfinite(want[i])) {
        if (std::isnan(want[i]) ? !std::isnan(have[i]) : have[i] != want[i]) return false;
        continue;
      }
      if (!(std::fabs(static_cast<double>(have[i]) - static_cast<double>(want[i])) <= tolerance * scale)) return false;
    }
  }
  return true;
}

}  // namespace samebits::conformance
