// A small addon that does what a careless library does: it changes the thread's floating-point state and leaves it so.
#include <node_api.h>

#include <cstdint>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace {

#if defined(__x86_64__)
// MXCSR without its sticky exception flags: DAZ, the exception masks, round upwards, FTZ.
constexpr uint32_t kControl = 0xffc0;
constexpr uint32_t kHostile = 0x0040 | 0x1f80 | 0x4000 | 0x8000;
uint32_t read_state() { return _mm_getcsr() & kControl; }
void write_state(uint32_t bits) { _mm_setcsr(bits); }
#else
// FPCR: flush to zero, round towards plus infinity.
constexpr uint32_t kHostile = (1u << 24) | (1u << 22);
uint32_t read_state() {
  uint64_t word;
  asm volatile("mrs %0, fpcr" : "=r"(word));
  return static_cast<uint32_t>(word);
}
void write_state(uint32_t bits) { asm volatile("msr fpcr, %0" : : "r"(static_cast<uint64_t>(bits))); }
#endif

double number(napi_env env, napi_value value) {
  double result = 0;
  napi_get_value_double(env, value, &result);
  return result;
}

napi_value get(napi_env env, napi_callback_info) {
  napi_value result;
  napi_create_uint32(env, read_state(), &result);
  return result;
}

napi_value set(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  uint32_t bits = 0;
  napi_get_value_uint32(env, argument, &bits);
  write_state(bits);
  return nullptr;
}

napi_value multiply(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2];
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  const volatile float a = static_cast<float>(number(env, arguments[0]));
  const volatile float b = static_cast<float>(number(env, arguments[1]));
  const volatile float product = a * b;
  napi_value result;
  napi_create_double(env, product, &result);
  return result;
}

void add(napi_env env, napi_value exports, const char* name, napi_callback callback) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function);
  napi_set_named_property(env, exports, name, function);
}

}  // namespace

NAPI_MODULE_INIT() {
  add(env, exports, "get", get);
  add(env, exports, "set", set);
  add(env, exports, "multiply", multiply);
  napi_value hostile;
  napi_create_uint32(env, kHostile, &hostile);
  napi_set_named_property(env, exports, "hostileBits", hostile);
  return exports;
}
