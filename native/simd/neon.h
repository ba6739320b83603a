// F32x16 as four 128-bit registers (AArch64, where fma is baseline).
struct F32x16 {
  float32x4_t v[4];
};
struct Mask16 {
  uint32x4_t v[4];
};
inline constexpr int kNativeLanes = 4;
inline constexpr int kRegisters = 32;

#define SAMEBITS_EACH _Pragma("GCC unroll 4") for (int i = 0; i < 4; ++i)
static inline F32x16 set1(float x) { F32x16 r; SAMEBITS_EACH r.v[i] = vdupq_n_f32(x); return r; }
static inline F32x16 zero() { return set1(0.0f); }
static inline F32x16 load(const float* p) { F32x16 r; SAMEBITS_EACH r.v[i] = vld1q_f32(p + 4 * i); return r; }
static inline void store(float* p, F32x16 x) { SAMEBITS_EACH vst1q_f32(p + 4 * i, x.v[i]); }
static inline F32x16 load_partial(const float* p, int n) {
  float whole[16] = {};
  for (int i = 0; i < n; ++i) whole[i] = p[i];
  return load(whole);
}
static inline void store_partial(float* p, F32x16 x, int n) {
  float whole[16];
  store(whole, x);
  for (int i = 0; i < n; ++i) p[i] = whole[i];
}
static inline void stream(float* p, F32x16 x) { store(p, x); }
static inline F32x16 load_u8(const uint8_t* p) {
  const uint8x16_t bytes = vld1q_u8(p);
  const uint16x8_t low = vmovl_u8(vget_low_u8(bytes)), high = vmovl_u8(vget_high_u8(bytes));
  return {{vcvtq_f32_u32(vmovl_u16(vget_low_u16(low))), vcvtq_f32_u32(vmovl_u16(vget_high_u16(low))),
           vcvtq_f32_u32(vmovl_u16(vget_low_u16(high))), vcvtq_f32_u32(vmovl_u16(vget_high_u16(high)))}};
}
// Whole numbers from 0 to 255, as bytes.
static inline void store_u8(uint8_t* p, F32x16 x) {
  const uint16x8_t low = vcombine_u16(vmovn_u32(vcvtq_u32_f32(x.v[0])), vmovn_u32(vcvtq_u32_f32(x.v[1])));
  const uint16x8_t high = vcombine_u16(vmovn_u32(vcvtq_u32_f32(x.v[2])), vmovn_u32(vcvtq_u32_f32(x.v[3])));
  vst1q_u8(p, vcombine_u8(vmovn_u16(low), vmovn_u16(high)));
}
static inline F32x16 add(F32x16 x, F32x16 y) { SAMEBITS_EACH x.v[i] = vaddq_f32(x.v[i], y.v[i]); return x; }
static inline F32x16 sub(F32x16 x, F32x16 y) { SAMEBITS_EACH x.v[i] = vsubq_f32(x.v[i], y.v[i]); return x; }
static inline F32x16 mul(F32x16 x, F32x16 y) { SAMEBITS_EACH x.v[i] = vmulq_f32(x.v[i], y.v[i]); return x; }
static inline F32x16 div(F32x16 x, F32x16 y) { SAMEBITS_EACH x.v[i] = vdivq_f32(x.v[i], y.v[i]); return x; }
static inline F32x16 sqrt(F32x16 x) { SAMEBITS_EACH x.v[i] = vsqrtq_f32(x.v[i]); return x; }
static inline F32x16 fma(F32x16 x, F32x16 y, F32x16 z) { SAMEBITS_EACH z.v[i] = vfmaq_f32(z.v[i], x.v[i], y.v[i]); return z; }
static inline Mask16 less(F32x16 x, F32x16 y) { Mask16 m; SAMEBITS_EACH m.v[i] = vcltq_f32(x.v[i], y.v[i]); return m; }
static inline Mask16 equal(F32x16 x, F32x16 y) { Mask16 m; SAMEBITS_EACH m.v[i] = vceqq_f32(x.v[i], y.v[i]); return m; }
// True where v takes the place of best, the largest so far: it is larger, or the first NaN.
static inline Mask16 beats(F32x16 v, F32x16 best) {
  Mask16 m;
  SAMEBITS_EACH m.v[i] = vbicq_u32(vceqq_f32(best.v[i], best.v[i]), vcleq_f32(v.v[i], best.v[i]));
  return m;
}
// True where a byte is `value`.
static inline Mask16 equal_u8(const uint8_t* p, uint8_t value) {
  const int8x16_t same = vreinterpretq_s8_u8(vceqq_u8(vld1q_u8(p), vdupq_n_u8(value)));
  const int16x8_t low = vmovl_s8(vget_low_s8(same)), high = vmovl_s8(vget_high_s8(same));
  return {{vreinterpretq_u32_s32(vmovl_s16(vget_low_s16(low))), vreinterpretq_u32_s32(vmovl_s16(vget_high_s16(low))),
           vreinterpretq_u32_s32(vmovl_s16(vget_low_s16(high))), vreinterpretq_u32_s32(vmovl_s16(vget_high_s16(high)))}};
}
static inline Mask16 either(Mask16 x, Mask16 y) { SAMEBITS_EACH x.v[i] = vorrq_u32(x.v[i], y.v[i]); return x; }
static inline Mask16 both(Mask16 x, Mask16 y) { SAMEBITS_EACH x.v[i] = vandq_u32(x.v[i], y.v[i]); return x; }
static inline Mask16 negate(Mask16 x) { SAMEBITS_EACH x.v[i] = vmvnq_u32(x.v[i]); return x; }
static inline Mask16 unordered(F32x16 x) { return negate(equal(x, x)); }
static inline F32x16 select(Mask16 m, F32x16 yes, F32x16 no) {
  SAMEBITS_EACH no.v[i] = vbslq_f32(m.v[i], yes.v[i], no.v[i]);
  return no;
}
// -0 and NaN pass through, as the contract says. By the bits of values below 0, 0x80000001 to 0xff800000: of a comparison with 0 clang
// makes fmax, which gives 0 for -0.
static inline F32x16 relu(F32x16 x) {
  SAMEBITS_EACH {
    const uint32x4_t bits = vreinterpretq_u32_f32(x.v[i]);
    const uint32x4_t below = vcltq_u32(vsubq_u32(bits, vdupq_n_u32(0x80000001u)), vdupq_n_u32(0x7f800000u));
    x.v[i] = vreinterpretq_f32_u32(vbicq_u32(bits, below));
  }
  return x;
}
#undef SAMEBITS_EACH
