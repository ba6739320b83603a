// Which taps an output of one axis reads, and neighbours that read the same ones. Fragment of depthwise_conv2d_body.h.

// One axis of the window.
struct TapAxis {
  int64_t inputs, outputs, taps, stride, dilation, pad;

  int64_t input(int64_t output, int64_t tap) const { return output * stride - pad + tap * dilation; }
  bool reads(int64_t output, int64_t tap) const { return static_cast<uint64_t>(input(output, tap)) < static_cast<uint64_t>(inputs); }
};

// Outputs [begin, end) that read the taps [first, last).
struct TapRun {
  int64_t begin, end;
  int first, last;
  int count() const { return last - first; }
};

// The runs of an axis of three taps, ascending. Along the axis the first and the last tap read only ever fall, three times each.
struct TapRuns {
  static constexpr int kMost = 7;
  TapRun run[kMost];
  int count = 0;

  // The run that output `at` is in; `from` is one at or before it.
  const TapRun& of(int64_t at, int from = 0) const {
    while (at >= run[from].end) ++from;
    return run[from];
  }
};

static inline TapRuns tap_runs(const TapAxis& axis) {
  TapRuns runs;
  for (int64_t output = 0; output < axis.outputs; ++output) {
    int first = 0, last = 3;
    while (first < 3 && axis.input(output, first) < 0) ++first;
    while (last > first && axis.input(output, last - 1) >= axis.inputs) --last;
    TapRun* before = runs.count == 0 ? nullptr : runs.run + runs.count - 1;
    if (before != nullptr && before->first == first && before->last == last)
      before->end = output + 1;
    else
      runs.run[runs.count++] = {output, output + 1, first, last};
  }
  return runs;
}
