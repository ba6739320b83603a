// Faults in elementwise kernels, optimizers and random numbers: [text that is replaced, by what, what is wrong then].
export default {
  'native/simd/elementwise.h': [
    [
      'for (int64_t i = task * kElementwiseGrain; i < end; i += 16) f(i, static_cast<int>(least(16, end - i)));',
      'for (int64_t i = task * kElementwiseGrain; i + 16 <= end; i += 16) f(i, 16);',
      'the tail is not written',
    ],
    [
      'for (int64_t i = task * kElementwiseGrain; i < end; ++i) f(i);',
      'for (int64_t i = task * kElementwiseGrain; i + 1 < end; ++i) f(i);',
      'the last value of a task is not written',
    ],
    [
      'row % 16 == 0 && reinterpret_cast<uintptr_t>(out) % 64 == 0;',
      'row % 16 == 0;',
      'large results that do not begin at a line are streamed',
    ],
    ['past_cache && row % 16 == 0 &&', 'past_cache &&', 'large results with rows of no whole lines are streamed'],
    ['if (copy != 0) store_some(copy_of(p), x, count);', '', 'the copy that passes in a row is not written'],
    [
      'visit(Vectors<1>{}, c, static_cast<int>(channels - c));',
      'visit(Vectors<1>{}, c, 16);',
      'the tail of the channels is taken whole',
    ],
  ],
  'native/simd/common.h': [
    ['for (; i < width; ++i) partials[i] = partials[i] + right[i];', '', 'the tail of a join is left out'],
    [
      'const int64_t left = join_left(count);\n  float* right',
      'const int64_t left = count / 2;\n  float* right',
      'the join tree is cut in the middle',
    ],
    [
      'store(partials + i, add(load(partials + i), load(right + i)));',
      'store(partials + i, add(load(right + i), load(partials + i)));',
      'the other side of an addition',
      { equivalent: 'addition of two numbers commutes, and every NaN is one value in a digest' },
    ],
    [
      'const float sum = __builtin_bit_cast(float, seen) + value;',
      'const float sum = value;',
      'atomic: only the last value stays',
    ],
  ],
  'native/simd/gate.h': [
    ['return seen == 0;', 'return true;', 'everybody is the first to arrive'],
    [
      '__atomic_store_n(&word, 2u, __ATOMIC_RELEASE);',
      '__atomic_store_n(&word, 0u, __ATOMIC_RELEASE);',
      'a gate forgets that somebody has been there',
    ],
    [
      '__atomic_compare_exchange_n(&word, &seen, seen | 1u, true',
      '__atomic_compare_exchange_n(&word, &seen, seen | 2u, true',
      'a gate lets everybody in at once',
    ],
  ],
  'native/simd/avx2.h': [
    [
      'n > 8 ? _mm256_maskload_ps(p + 8, head_mask(n - 8))',
      'n > 9 ? _mm256_maskload_ps(p + 8, head_mask(n - 8))',
      'the ninth value of a tail is not read',
    ],
    [
      'if (n > 8) _mm256_maskstore_ps(p + 8, head_mask(n - 8), x.b);',
      'if (n > 8) _mm256_maskstore_ps(p + 8, head_mask(n - 9), x.b);',
      'the last value of a tail is not written',
    ],
    [
      '_mm256_max_ps(_mm256_setzero_ps(), x.a), _mm256_max_ps(_mm256_setzero_ps(), x.b)',
      '_mm256_max_ps(x.a, _mm256_setzero_ps()), _mm256_max_ps(x.b, _mm256_setzero_ps())',
      'relu loses NaN and -0',
    ],
    [
      '_mm256_cmp_ps(v.a, best.a, _CMP_NLE_UQ), _mm256_cmp_ps(best.a, best.a, _CMP_ORD_Q)',
      '_mm256_cmp_ps(v.a, best.a, _CMP_GT_OQ), _mm256_cmp_ps(best.a, best.a, _CMP_ORD_Q)',
      'a NaN does not beat a number',
    ],
    [
      '_mm256_setr_epi32(0, 4, 1, 5, 0, 4, 1, 5)',
      '_mm256_setr_epi32(0, 1, 4, 5, 0, 1, 4, 5)',
      'bytes are stored in another order',
    ],
    [
      '_mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_srli_si128(bytes, 8)))',
      '_mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes))',
      'the upper eight bytes are read as the lower',
    ],
  ],
  'native/simd/avx512.h': [
    [
      'static_cast<__mmask16>((1u << n) - 1u)',
      'static_cast<__mmask16>((1u << n) - 2u)',
      'the first value of a tail is left out',
      { wide: true },
    ],
    [
      'return {_mm512_max_ps(_mm512_setzero_ps(), x.v)};',
      'return {_mm512_max_ps(x.v, _mm512_setzero_ps())};',
      'relu loses NaN and -0',
      { wide: true },
    ],
    [
      '_mm512_cmp_ps_mask(best.v, best.v, _CMP_ORD_Q), v.v, best.v, _CMP_NLE_UQ)',
      '_mm512_cmp_ps_mask(best.v, best.v, _CMP_ORD_Q), v.v, best.v, _CMP_NLT_UQ)',
      'the last of equal values wins',
      { wide: true },
    ],
  ],
  'native/simd/scalar.h': [
    [
      'for (int i = 0; i < n; ++i) p[i] = a.v[i]; }',
      'for (int i = 0; i + 1 < n; ++i) p[i] = a.v[i]; }',
      'the last value of a tail is not written',
    ],
    [
      '- 0x80000001u < 0x7f800000u ? 0.0f : a.v[i];',
      '- 0x80000000u < 0x7fffffffu ? 0.0f : a.v[i];',
      'relu loses NaN with a sign and -0',
    ],
    ['!(v.v[i] <= best.v[i]) && best.v[i] == best.v[i];', '!(v.v[i] <= best.v[i]);', 'a number beats a NaN'],
  ],
  'native/ops/add/add_body.h': [
    [
      'add(load_some(a + i, n), load_some(b + i, n))',
      'add(load_some(a + i, n), load_some(a + i, n))',
      'the second term is the first',
    ],
  ],
  'native/ops/multiply/multiply_body.h': [
    [
      'mul(load_some(a + i, n), load_some(b + i, n))',
      'mul(load_some(b + i, n), load_some(b + i, n))',
      'the first factor is the second',
    ],
  ],
  'native/simd/fused.h': [
    [
      'select(less(zero(), z), dy, zero());',
      'select(less(z, zero()), zero(), dy);',
      'a fused relu lets the gradient of a zero through',
    ],
    [
      'return select(less(z, threshold), below,',
      'return select(less(threshold, z), z,',
      'below the threshold and above are mixed up',
    ],
    ['select(less(ceiling, z), ceiling, z));', 'z);', 'a fused relu has no ceiling'],
    [
      'either(less(ceiling, z), equal(ceiling, z));',
      'less(ceiling, z);',
      'the gradient at the ceiling of a fused relu is that below',
    ],
    [
      'flat ? zero() : mul(dy, slope);',
      'flat ? zero() : dy;',
      'below the threshold the gradient of a fused relu has no slope',
    ],
    [
      'return both(less(zero(), h), less(h, set1(1.0f)));',
      'return less(zero(), h);',
      'a fused hard sigmoid has a slope where it is 1',
    ],
    ['add(h, div(z, set1(6.0f))), h));', 'h, h));', 'the slope of a fused hard swish forgets that of its gate'],
  ],
  'native/ops/relu/relu_body.h': [
    [
      'select(less(zero(), load_some(y + i, n)), load_some(dy + i, n), zero())',
      'select(less(load_some(y + i, n), zero()), zero(), load_some(dy + i, n))',
      'the gradient of a zero passes',
    ],
  ],
  'native/ops/sigmoid/sigmoid_body.h': [
    ['mul(p, sub(set1(1.0f), p))', 'sub(p, mul(p, p))', 'the slope is rounded elsewhere'],
  ],
  'native/ops/activation/activation_body.h': [
    ['F::gradient(s, x[i], dy[i])', 'F::gradient(s, dy[i], x[i])', 'the slope is that at dy'],
  ],
  'native/ops/activation/activation.h': [
    ['s.alpha * numerics::expm1(x)', 's.alpha * (numerics::exp(x) - 1.0f)', 'elu near zero loses its bits'],
    ['numerics::exp(x < 0.0f ? x : -x)', 'numerics::exp(x)', 'softplus of large values overflows'],
    ['numerics::normal_cdf(x) + x * density', 'numerics::normal_cdf(x)', 'the slope of gelu forgets its density'],
    ['(1.0f - t * t) * slope', '(1.0f - t) * slope', 'the slope of gelu with tanh is another one'],
    ['(1.0f + x * (1.0f - s))', '(1.0f + x * s)', 'the slope of swish is another one'],
    ['return x >= s.low && x <= s.high', 'return x > s.low && x <= s.high', 'a value at the low limit is clipped'],
  ],
  'native/ops/unary/unary_body.h': [
    [
      'return mul(dy, sub(set1(1.0f), mul(y, y)));',
      'return sub(dy, mul(dy, mul(y, y)));',
      'the slope of tanh is rounded elsewhere',
    ],
    ['return div(dy, add(y, y));', 'return div(dy, y);', 'the slope of the root is twice as large'],
    ['{ return div(dy, x); }', '{ return mul(dy, div(set1(1.0f), x)); }', 'the slope of log is rounded twice'],
    ['{ return mul(dy, y); }', '{ return dy; }', 'exp has a slope of 1'],
  ],
  'native/ops/rescaling/rescaling_body.h': [
    [
      'add(mul(load_16(x + i), scales), offsets)',
      'fma(load_16(x + i), scales, offsets)',
      'one rounding instead of two',
    ],
    [
      'for (; i < end; ++i) y[i] = static_cast<float>(x[i]) * scale + offset;',
      'for (; i < end; ++i) y[i] = static_cast<float>(x[i]) * scale;',
      'the tail has no offset',
    ],
    [
      'store_partial(dx + i, mul(load_partial(dy + i, left), set1(scale)), left);',
      'store_partial(dx + i, load_partial(dy + i, left), left);',
      'the gradient is not scaled',
    ],
  ],
  'native/ops/sgd/sgd_body.h': [
    [
      'if (v == nullptr) {\n      store_some(w + i, sub(weight, step), n);',
      'if (v == nullptr) {\n      store_some(w + i, add(weight, step), n);',
      'uphill without momentum',
    ],
    ['kept = mul(momentum, load_some(v + i, n));', 'kept = load_some(v + i, n);', 'the velocity is not damped'],
    ['of_gradients ? add(kept, gradient)', 'of_gradients ? add(kept, step)', 'the velocity of gradients adds steps up'],
    [
      'add(gradient, mul(momentum, velocity)) : velocity;',
      'velocity : velocity;',
      'nesterov has no effect on gradients',
    ],
    [
      'nesterov ? sub(add(weight, mul(momentum, velocity)), step)',
      'nesterov ? add(weight, sub(mul(momentum, velocity), step))',
      'nesterov is rounded in another order',
    ],
    ['store_some(v + i, velocity, n);', '', 'the velocity is not kept'],
  ],
  'native/ops/rmsprop/rmsprop_body.h': [
    ['rest = set1(1.0f - settings.rho);', 'rest = set1(settings.rho);', 'rho weighs both'],
    ['store_some(v + i, velocity, n);', 'store_some(v + i, gradient, n);', 'what is kept is the gradient'],
    ['spread = sub(velocity, mul(average, average));', 'spread = velocity;', 'centered has no effect'],
    [
      'step = add(mul(momentum, load_some(b + i, n)), step);',
      'step = add(load_some(b + i, n), step);',
      'the momentum is 1',
    ],
    ['store_some(b + i, step, n);', '', 'the momentum is not kept'],
    ['store_some(a + i, average, n);', '', 'the average of the gradient is not kept'],
    [
      'outside ? add(sqrt(spread), epsilon) : sqrt(add(spread, epsilon));',
      'sqrt(add(spread, epsilon));',
      'epsilon is always inside of the root',
    ],
  ],
  'native/simd/weight_decay.h': [
    ['coupled ? add(g, mul(share, w)) : g', 'coupled ? add(g, w) : g', 'all of the weight is added to the gradient'],
    ['mul(mul(w, share), rate)', 'mul(w, mul(share, rate))', 'decay is rounded in another order'],
  ],
  'native/ops/adam/adam_body.h': [
    ['mul(sub(gradient, before), first)', 'mul(sub(gradient, before), second)', 'the second share weighs the mean'],
    ['sub(mul(gradient, gradient), squares)', 'sub(gradient, squares)', 'the gradient is not squared'],
    [
      'select(beats(spread, most), spread, most)',
      'select(beats(spread, most), most, spread)',
      'AMSGrad keeps the smaller',
    ],
    ['store_some(a + i, spread, n);', '', 'AMSGrad forgets'],
    ['add(sqrt(spread), epsilon)', 'sqrt(add(spread, epsilon))', 'epsilon is inside of the root'],
    ['store_some(m + i, mean, n);', '', 'the mean is not kept'],
  ],
  'native/ops/adamax/adamax_body.h': [
    ['select(beats(size, kept), size, kept)', 'kept', 'the norm never grows'],
    ['select(less(gradient, zero()), sub(zero(), gradient), gradient)', 'gradient', 'the size has a sign'],
    ['mul(correction, add(norm, epsilon))', 'add(mul(correction, norm), epsilon)', 'epsilon is not corrected'],
    ['store_some(m + i, mean, n);', '', 'the mean is not kept'],
  ],
  'native/ops/nadam/nadam_body.h': [
    ['add(mul(of_mean, mean), mul(of_gradient, gradient))', 'mul(of_mean, mean)', 'no look ahead'],
    ['sqrt(div(spread, correction))', 'sqrt(spread)', 'the mean of squares is not corrected'],
    ['store_some(v + i, spread, n);', '', 'the mean of squares is not kept'],
  ],
  'native/ops/adagrad/adagrad_body.h': [
    ['add(load_some(s + i, n), mul(gradient, gradient))', 'mul(gradient, gradient)', 'the sum begins anew'],
    [
      'outside ? add(sqrt(squares), epsilon) : sqrt(add(squares, epsilon))',
      'sqrt(add(squares, epsilon))',
      'epsilon is always inside of the root',
    ],
  ],
  'native/ops/adadelta/adadelta_body.h': [
    ['mul(sqrt(add(before, epsilon)), gradient)', 'mul(epsilon, gradient)', 'the steps so far have no effect'],
    ['add(mul(rho, before), mul(share, mul(step, step)))', 'before', 'the steps are not kept'],
  ],
  'native/ops/clip_gradient/clip_gradient_body.h': [
    ['select(less(held, low), low, held)', 'held', 'nothing is held below'],
    ['numerics::larger(limit, *call.tensors[1].f32())', '*call.tensors[1].f32()', 'short gradients grow'],
  ],
  'native/ops/clip_gradient/clip_gradient.h': [
    ['(share < most ? share : most)', 'share', 'short gradients grow together'],
    ['+ (norm - norm)', '', 'an infinite norm gives zeros'],
  ],
  'native/ops/dropout/dropout_body.h': [
    ['scale = set1(1.0f / (1.0f - settings.rate));', 'scale = set1(1.0f);', 'what is kept is not scaled up'],
    [
      'select(less(load(u + k), rate), zero(), kept)',
      'select(less(rate, load(u + k)), kept, zero())',
      'a number equal to the rate is dropped',
      { equivalent: 'a number equals the rate once in 2^24' },
    ],
    [
      'static_cast<uint64_t>(i) / 4, words);',
      'static_cast<uint64_t>(i) / 64, words);',
      'tasks behind the first draw other numbers',
    ],
    [
      'u[4 * block + word] = philox::uniform(words[word][block]);',
      'u[4 * block + word] = philox::uniform(words[3 - word][block]);',
      'the words of a block are turned round',
    ],
    [
      'k < 64 && i + k < end; k += 16) {',
      'k < 48 && i + k < end; k += 16) {',
      'the last sixteen of 64 are not written',
    ],
  ],
  'native/ops/random/random_body.h': [
    [
      'static_cast<uint64_t>(i) / 4, words);',
      'static_cast<uint64_t>(i), words);',
      'blocks behind the sixteenth are skipped',
    ],
    [
      'store_some(y + i + k, part, static_cast<int>(least(16, end - i - k)));',
      'store_some(y + i + k, part, static_cast<int>(least(16, end - i - k)) & ~1);',
      'an odd last value is not written',
    ],
    ['width = settings.scale - settings.shift;', 'width = settings.scale;', 'the range does not begin at its low end'],
    [
      'made[4 * block + word + 1] = mean + stddev * pair.second;',
      'made[4 * block + word + 1] = mean + stddev * pair.first;',
      'both numbers of a pair are the first',
    ],
  ],
};
