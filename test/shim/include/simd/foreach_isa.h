// The shim has no CPU bodies: what they give comes from the addon that is tested beside it.
#define SAMEBITS_EACH_ISA(MODE_PAIR) \
  { {}, {}, {}, {} }
