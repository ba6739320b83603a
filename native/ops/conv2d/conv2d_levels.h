// The running join tree of a task: which partial sums a finished item is joined with, and where they are kept.

// The subtrees that an item completes: levels to join with, nearest first, and the level its sum is kept at.
struct Completed {
  int levels[64];
  int count, level;
};

// Appends the joins due after item `index` of a running join tree whose levels are numbered from `first`.
static void complete(Completed& done, int first, int64_t index, bool last) {
  int level = 0;
  for (; (index >> level) != 0; ++level) {
    if ((index >> level & 1) != 0)
      done.levels[done.count++] = first + level;
    else if (!last)
      break;
  }
  done.level = first + level;
}

// Where a task keeps its partial sums, by level: first those of the tree of chunks, then those of the tree of samples. The
// lowest `hot_levels` are complete at the end of every batch, so they need room for one tile only.
struct Levels {
  float *memory, *hot, *out;
  int64_t step;    // floats of one level in `memory`
  int hot_levels;

  float* at(int level, int64_t offset) const {
    if (level < 0) return out + offset;
    return level < hot_levels ? hot + level * kTileRows * kTileColumns : memory + level * step + offset;
  }
  // The joins of a finished item, without the nearest `made` that are made already, for what lies `shift` floats into a tile.
  Joins joins(const Completed& done, int64_t offset, int made = 0, int64_t shift = 0) const {
    Joins joins(at(done.level, offset) + shift);
    for (int join = made; join < done.count; ++join) joins.left[joins.count++] = at(done.levels[join], offset) + shift;
    return joins;
  }
};
