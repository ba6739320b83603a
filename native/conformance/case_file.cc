#include "conformance/case_file.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "runtime/kernel_table.h"

namespace samebits::conformance {
namespace {

constexpr size_t kDtypeBytes[] = {4, 4, 1};

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path), file_(path, std::ios::binary) {}

  std::vector<Case> read() {
    if (!file_) refuse("a readable file", path_);
    if (!next_line() || line_ != "samebits cases 1") refuse("'samebits cases 1' in the first line", line_);
    std::vector<Case> cases;
    while (next_line()) cases.push_back(read_case());
    if (cases.empty()) refuse("at least one case", "none");
    return cases;
  }

 private:
  [[noreturn]] void refuse(const std::string& expected, const std::string& got) const {
    throw std::runtime_error(path_ + ": expected " + expected + ", got '" + got + "'");
  }

  // Reads a line and makes its first word `word_`, the others readable from `rest_`.
  bool next_line() {
    if (!std::getline(file_, line_)) return false;
    rest_ = std::istringstream(line_);
    word_.clear();
    rest_ >> word_;
    return true;
  }
  void expect_line(const char* what) {
    if (!next_line()) refuse(what, "the end of the file");
  }

  template <class T>
  T take(const char* what) {
    T value{};
    if (!(rest_ >> value)) refuse(what, line_);
    return value;
  }

  int take_buffer(const Case& one) {
    const int buffer = take<int>("a buffer");
    if (buffer < 0 || buffer >= static_cast<int>(one.buffers.size())) refuse("a buffer of the case", line_);
    return buffer;
  }

  // [2,3,4], or [] for a single value.
  std::vector<int64_t> take_shape() {
    std::string text = take<std::string>("a shape");
    if (text.size() < 2 || text.front() != '[' || text.back() != ']') refuse("a shape", line_);
    std::replace(text.begin(), text.end(), ',', ' ');
    std::istringstream lengths(text.substr(1, text.size() - 2));
    std::vector<int64_t> shape;
    for (int64_t length; lengths >> length;) shape.push_back(length);
    if (!lengths.eof() || shape.size() > kMaxRank ||
        std::any_of(shape.begin(), shape.end(), [](int64_t n) { return n < 0; }))
      refuse("a shape", line_);
    return shape;
  }

  // Kernels only check shapes, so what lies outside its buffer is refused here, as the binding does at the door.
  void check_inside(const Case& one, const Argument& tensor, Dtype dtype) {
    const size_t room = one.buffers[tensor.buffer] / kDtypeBytes[static_cast<int>(dtype)];
    bool inside = tensor.offset <= room;
    size_t size = 1;
    for (const int64_t length : tensor.shape) {
      inside = inside && (length == 0 || size <= room / static_cast<size_t>(length));
      size *= static_cast<size_t>(length);
    }
    if (!inside || size > room - tensor.offset) refuse("a tensor inside its buffer", line_);
  }

  Case read_case() {
    if (word_ != "case") refuse("'case'", line_);
    Case one;
    one.expected = take<std::string>("a digest");
    const std::string tolerance = take<std::string>("a tolerance");
    one.in_atomic = tolerance != "none";
    if (one.in_atomic) one.tolerance = std::strtof(tolerance.c_str(), nullptr);
    std::getline(rest_ >> std::ws, one.title);
    for (;;) {
      expect_line("'end'");
      if (word_ == "end") return one;
      if (word_ == "memory") {
        one.buffers.push_back(take<size_t>("a number of bytes"));
      } else if (word_ == "write") {
        one.steps.emplace_back(read_write(one));
      } else if (word_ == "call") {
        one.steps.emplace_back(read_call(one));
      } else if (word_ == "result") {
        Result result{take<std::string>("a name"), {}};
        result.tensor.buffer = take_buffer(one);
        result.tensor.shape = take_shape();
        check_inside(one, result.tensor, Dtype::kFloat32);
        one.steps.emplace_back(std::move(result));
      } else {
        refuse("memory, write, call, result or end", line_);
      }
    }
  }

  Write read_write(const Case& one) {
    Write write{take_buffer(one), {}};
    const size_t bytes = take<size_t>("a number of bytes");
    if (bytes > one.buffers[write.buffer]) refuse("bytes that the buffer holds", line_);
    write.bytes.resize(bytes);
    if (!file_.read(write.bytes.data(), static_cast<std::streamsize>(bytes)) || file_.get() != '\n')
      refuse(std::to_string(bytes) + " bytes and the end of the line", "others");
    return write;
  }

  KernelCall read_call(const Case& one) {
    KernelCall call;
    const std::string name = take<std::string>("a kernel");
    call.kernel = find_kernel(name);
    if (call.kernel == nullptr) refuse("a known kernel", name);
    int fields = 0;
    for (;;) {
      expect_line("'run'");
      if (word_ == "run") break;
      if (word_ == "set") {
        read_field(call);
        ++fields;
      } else if (word_ == "none" || word_ == "tensor") {
        call.tensors.push_back(read_tensor(one, call));
      } else {
        refuse("tensor, none, set or run", line_);
      }
    }
    const int tensors = static_cast<int>(call.tensors.size());
    const auto counts = [](int a, int b) {
      return std::to_string(a) + " tensors and " + std::to_string(b) + " settings";
    };
    if (tensors != call.kernel->tensor_count || fields != call.kernel->fields.count)
      refuse(counts(call.kernel->tensor_count, call.kernel->fields.count) + " of " + name, counts(tensors, fields));
    return call;
  }

  Argument read_tensor(const Case& one, const KernelCall& call) {
    if (static_cast<int>(call.tensors.size()) >= call.kernel->tensor_count) refuse("no further tensor", line_);
    const TensorSlot& slot = call.kernel->tensors[call.tensors.size()];
    Argument tensor;
    if (word_ == "none") {
      if (!slot.optional) refuse(std::string("a tensor for ") + slot.name, line_);
      return tensor;
    }
    tensor.buffer = take_buffer(one);
    tensor.offset = take<size_t>("an offset");
    tensor.shape = take_shape();
    check_inside(one, tensor, slot.dtype);
    return tensor;
  }

  // Numbers come as JavaScript prints them, so a float is rounded from the double, as at the door.
  void read_field(KernelCall& call) {
    const std::string name = take<std::string>("a field"), value = take<std::string>("a value");
    for (int i = 0; i < call.kernel->fields.count; ++i) {
      const Field& field = call.kernel->fields.list[i];
      if (name != field.name) continue;
      std::byte* target = call.settings + field.offset;
      char* end = nullptr;
      switch (field.type) {
        case FieldType::kInt: *reinterpret_cast<int64_t*>(target) = std::strtoll(value.c_str(), &end, 10); break;
        case FieldType::kFloat:
          *reinterpret_cast<float*>(target) = static_cast<float>(std::strtod(value.c_str(), &end));
          break;
        case FieldType::kSeed: *reinterpret_cast<uint64_t*>(target) = std::strtoull(value.c_str(), &end, 10); break;
      }
      if (*end != '\0') refuse("a number for " + name, value);
      return;
    }
    refuse(std::string("a field of ") + call.kernel->name, name);
  }

  std::string path_, line_, word_;
  std::ifstream file_;
  std::istringstream rest_;
};

}  // namespace

std::vector<Case> read_cases(const std::string& path) { return Reader(path).read(); }

}  // namespace samebits::conformance
