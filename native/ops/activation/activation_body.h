// The loops of the activation functions, forward and backward; compiled once per instruction set.

template <class F>
static Status activation_forward(const Call& call) noexcept {
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  const typename F::Settings s = call.as<typename F::Settings>();
  elementwise_each(*call.context, call.tensors[0].size(), [=](int64_t i) { y[i] = F::value(s, x[i]); });
  return {};
}

template <class F>
static Status activation_gradient(const Call& call) noexcept {
  const float *x = call.tensors[0].f32(), *dy = call.tensors[1].f32();
  float* dx = call.tensors[2].f32();
  const typename F::Settings s = call.as<typename F::Settings>();
  elementwise_each(*call.context, call.tensors[0].size(), [=](int64_t i) { dx[i] = F::gradient(s, x[i], dy[i]); });
  return {};
}

inline constexpr ModePair k_activation_relu{{activation_forward<activation_of::Relu>, activation_forward<activation_of::Relu>}};
inline constexpr ModePair k_activation_relu_gradient{
    {activation_gradient<activation_of::Relu>, activation_gradient<activation_of::Relu>}};
inline constexpr ModePair k_activation_elu{{activation_forward<activation_of::Elu>, activation_forward<activation_of::Elu>}};
inline constexpr ModePair k_activation_elu_gradient{
    {activation_gradient<activation_of::Elu>, activation_gradient<activation_of::Elu>}};
inline constexpr ModePair k_activation_softplus{{activation_forward<activation_of::Softplus>, activation_forward<activation_of::Softplus>}};
inline constexpr ModePair k_activation_softplus_gradient{
    {activation_gradient<activation_of::Softplus>, activation_gradient<activation_of::Softplus>}};
inline constexpr ModePair k_activation_swish{{activation_forward<activation_of::Swish>, activation_forward<activation_of::Swish>}};
inline constexpr ModePair k_activation_swish_gradient{
    {activation_gradient<activation_of::Swish>, activation_gradient<activation_of::Swish>}};
inline constexpr ModePair k_activation_hard_sigmoid{{activation_forward<activation_of::HardSigmoid>, activation_forward<activation_of::HardSigmoid>}};
inline constexpr ModePair k_activation_hard_sigmoid_gradient{
    {activation_gradient<activation_of::HardSigmoid>, activation_gradient<activation_of::HardSigmoid>}};
inline constexpr ModePair k_activation_hard_swish{{activation_forward<activation_of::HardSwish>, activation_forward<activation_of::HardSwish>}};
inline constexpr ModePair k_activation_hard_swish_gradient{
    {activation_gradient<activation_of::HardSwish>, activation_gradient<activation_of::HardSwish>}};
inline constexpr ModePair k_activation_gelu{
    {activation_forward<activation_of::Gelu>, activation_forward<activation_of::Gelu>}};
inline constexpr ModePair k_activation_gelu_gradient{
    {activation_gradient<activation_of::Gelu>, activation_gradient<activation_of::Gelu>}};
inline constexpr ModePair k_activation_gelu_tanh{
    {activation_forward<activation_of::GeluTanh>, activation_forward<activation_of::GeluTanh>}};
inline constexpr ModePair k_activation_gelu_tanh_gradient{
    {activation_gradient<activation_of::GeluTanh>, activation_gradient<activation_of::GeluTanh>}};
inline constexpr ModePair k_activation_power{
    {activation_forward<activation_of::Power>, activation_forward<activation_of::Power>}};
inline constexpr ModePair k_activation_power_gradient{
    {activation_gradient<activation_of::Power>, activation_gradient<activation_of::Power>}};
inline constexpr ModePair k_activation_clip{{activation_forward<activation_of::Clip>, activation_forward<activation_of::Clip>}};
inline constexpr ModePair k_activation_clip_gradient{
    {activation_gradient<activation_of::Clip>, activation_gradient<activation_of::Clip>}};
