// Faults in the runtime and the door: [text that is replaced, by what, what is wrong then].
export default {
  'native/runtime/shares.h': [
    [
      'share.end = i < count ? tasks * (i + 1) / count : tasks;',
      'share.end = i < count ? tasks / count * (i + 1) : tasks;',
      'tasks that the workers do not divide are not run',
    ],
    [
      'if (task < share.end) return task;',
      'return task;',
      'two workers at the end of a share: a task of the next one is run twice',
    ],
    [
      'share.next.store(i < count ? tasks * i / count : tasks, std::memory_order_relaxed);',
      'share.next.store(i < count ? tasks * i / count + (i > 0) : tasks, std::memory_order_relaxed);',
      'the first task of every share but one is not run',
    ],
    [
      '(static_cast<size_t>(worker) + i) % shares_.size()',
      '(static_cast<size_t>(worker) + i * i) % shares_.size()',
      'a worker that is through does not look at all shares',
    ],
  ],
  'native/runtime/thread_pool.cc': [
    [
      'for (int left = joined_.load(); left != 0; left = joined_.load()) joined_.wait(left);',
      '',
      'a loop ends before its helpers do',
    ],
    ['if (open_.load()) work(worker);', 'work(worker);', 'helpers work at a loop that is closed'],
    ['round_.notify_all();', '', 'nobody is woken'],
    ['stopping_.store(true, std::memory_order_relaxed);', '', 'the pool never ends'],
    [
      'for (int64_t task = 0; task < tasks; ++task) body(state, task, driver);',
      'for (int64_t task = 0; task < tasks; ++task) body(state, task, 0);',
      'a helper that drives uses the scratch memory of worker 0',
    ],
  ],
  'native/runtime/job_queue.cc': [
    ['if (!failure_.ok()) return std::exchange(failure_, {});', '', 'a refusal is told with finish only'],
    [
      'ended += static_cast<int>(waiting_.size());\n      waiting_.clear();',
      '',
      'what came behind a refused job is run',
    ],
    ['driven_ = true;\n  return true;', 'return true;', 'two threads compute jobs at once'],
    ['if (pending_.load() >= kMost) wait_for(kFew);', '', 'nobody waits, however much was asked for'],
    [
      'waiting_.pop_front();',
      'waiting_.pop_front();\n      if (waiting_.size() == 7) std::swap(waiting_.front(), waiting_.back());',
      'jobs are taken out of order',
    ],
    [
      'job = std::move(waiting_.front());\n      waiting_.pop_front();',
      'job = std::move(waiting_.back());\n      waiting_.pop_back();',
      'the last job is the first',
    ],
    ['wait_for(0);', 'wait_for(1);', 'finish leaves one job'],
    [
      'const FloatEnvironment environment;\n  while',
      'while',
      'the caller computes in the floating-point environment it has',
    ],
  ],
  'native/runtime/runtime.cc': [
    ['const Status checked = kernel.check(call);\n  if (!checked.ok()) return checked;', '', 'calls are not checked'],
    [
      'const Status closed = goes_behind(gathered_.calls, calls) ? Status{} : close_row();',
      'const Status closed = Status{};',
      'every call is gathered with those before',
    ],
    [
      'if (bytes > kFewBytes) {',
      'if (bytes > kFewBytes && gathered_.calls.empty()) {',
      'a large write behind a row goes with the queue',
      { equivalent: 'the bytes are copied and written in order, as few bytes are: only memory is spent' },
    ],
    [
      'const bool arrives = mode == Mode::kAtomic && joins_sums(kernel);',
      'const bool arrives = false;',
      'atomic: a seeded arrival is not drawn',
    ],
    ['if (seeded_) ++calls_;', '', 'every call of a step arrives in the same order'],
    ['scratch_.clear();\n  if (seeded_)', 'if (seeded_)', 'scratch memory is kept'],
    [
      'return named ? Mode::kAtomic : target_.mode;',
      'return target_.mode;',
      'kernels that are named atomic alone are deterministic',
    ],
    ['step_ = step;', 'step_ = 0;', 'every step arrives in the same order'],
    ['seeded_workers_ = workers;', '', 'tasks of a seeded arrival are cut as always'],
    ['if (watch_.armed()) return {};', '', 'arrivals of a call that is still to come are an empty log'],
    [
      'if (exhausted_) return;  // run() refuses; what the kernel wrote is not read',
      '',
      'without memory for the order a loop is run',
      { equivalent: 'needs memory to run out for a vector of tasks' },
    ],
    [
      'for (const int64_t task : *o.order) o.body(o.state, task, worker);',
      'for (int64_t task = 0; task < static_cast<int64_t>(o.order->size()); ++task) o.body(o.state, task, worker);',
      'a seeded arrival is the order of the tasks',
    ],
    [
      'device_ != nullptr || target_.mode != Mode::kDeterministic || !target_.atomic.empty())\n    return refuse(StatusCode::kDevice, "run by',
      'device_ != nullptr || target_.mode != Mode::kDeterministic)\n    return refuse(StatusCode::kDevice, "run by',
      'kernels that are named atomic alone go sample by sample',
    ],
  ],
  'native/runtime/sample_row.cc': [
    [
      'const bool apart = begins(a) + a.bytes() <= begins(b) || begins(b) + b.bytes() <= begins(a);',
      'const bool apart = begins(a) != begins(b);',
      'memory that overlaps is taken for apart',
    ],
    [
      '(of_a.samples && of_b.samples && a.data == b.data && a.bytes() == b.bytes());',
      '(a.data == b.data && a.bytes() == b.bytes());',
      'a sum over the batch is read before it is whole',
    ],
    [
      '(!of_a.output && !of_b.output)) return true;',
      '(!of_a.output || !of_b.output)) return true;',
      'a call reads what another one writes elsewhere',
    ],
    [
      'if (!reads) return false;',
      '',
      'calls that share nothing go together',
      { equivalent: 'speed only: the bits are those of one call after the other' },
    ],
    ['if (passing + most_passing(next) > kMaxPassing) return false;', '', 'more tensors pass than there are numbers'],
    ['number += number == 0 ? 0 : passing;', 'number += passing;', 'tensors with memory pass'],
    [
      'const bool gone = block.use_count() <= holders(calls, block);',
      'const bool gone = block.use_count() <= holders(calls, block) + 1;',
      'a tensor that somebody holds is not written',
    ],
    [
      'if (!gone && !(slot.copied && read_behind(calls, call, i))) continue;',
      'if (!gone) continue;',
      'no copy passes',
      { equivalent: 'speed only: the next kernel reads memory' },
    ],
    [
      'if (gone || !output) behind->passing[j] = passing;',
      'behind->passing[j] = passing;',
      'what a later call writes over a copy passes, too',
    ],
    [
      'behind != calls.end() && (gone || !written); ++behind) {',
      'behind != calls.end(); ++behind) {',
      'behind a call that writes anew the old copy is read',
    ],
    ['if (samples_of(call) < 0)', 'if (samples_of(call) < -1)', 'kernels that do not go by samples are taken'],
    ['if (own < 1 || own != samples)', 'if (own < 1)', 'tensors of different numbers of samples are taken'],
    [
      'if (size != view.size() / samples)',
      'if (size < view.size() / samples)',
      'a tensor that passes is read as a smaller one',
    ],
    ['if (size == 0)\n', 'if (size < 0)\n', 'a tensor that passes from no call is read'],
  ],
  'native/runtime/by_sample.cc': [
    [
      'join_samples(right, count - left, stride, width);',
      'join_samples(right, 1, stride, width);',
      'three samples and more on the right are not joined',
    ],
    [
      'for (int64_t i = 0; i < width; ++i) items[i] += right[i];',
      'for (int64_t i = 0; i + 1 < width; ++i) items[i] += right[i];',
      'the last value of a sum over the batch is that of the first samples',
    ],
    [
      'return base + sample * per_sample + worker * per_worker;',
      'return base + sample * per_sample;',
      'workers share the memory of what passes',
    ],
    [
      'other.place.base == place.base && other.first <= passage.last && passage.first <= other.last;',
      'other.place.base == place.base && other.first < passage.last && passage.first < other.last;',
      'what passes on is written over what is still read',
    ],
    ['ended.place.per_worker >= passage.bytes && is_free', 'is_free', 'a place that is too small serves again'],
    [
      'if (!sum.joined) join_samples(sum.samples + begin',
      'if (sum.joined) join_samples(sum.samples + begin',
      'sums over the batch are not joined',
    ],
    [
      'const int64_t begin = task * kGrain, width = std::min(kGrain, sum.size - begin);',
      'const int64_t begin = task * kGrain, width = kGrain;',
      'the last task of a join goes on behind the sum',
    ],
    [
      'if (own.status.ok()) own.status = stage.fn',
      'own.status = stage.fn',
      'the refusal of a kernel in a row is forgotten',
    ],
    ['passage.last = c;', '', 'a place serves again while it is still read'],
    [
      'if (slot.samples) place.per_sample = bytes;',
      'if (slot.samples && slot.output) place.per_sample = bytes;',
      'every sample reads the first',
    ],
  ],
  'native/runtime/worker_context.h': [
    [
      'used_ += taken;',
      'used_ += bytes;',
      'scratch memory in a row is not aligned',
      { equivalent: 'loads and stores of scratch memory are unaligned ones; the next call rounds nothing' },
    ],
    [
      'slabs_[slab_].bytes - used_ < taken) {',
      'slabs_[slab_].bytes - used_ + 64 < taken) {',
      'scratch memory goes on behind its slab',
    ],
    ['while (helpers_.load() != 0) std::this_thread::yield();', '', 'a loop in a row ends before its helpers do'],
    [
      'slab_ = used_ = 0;',
      'used_ = 0;',
      'scratch memory of slabs behind the first is not used again',
      { equivalent: 'memory only' },
    ],
    ['take_tasks(id == 0 ? id_ : id);', 'take_tasks(0);', "a helper in a row uses the owner's scratch memory"],
    [
      'int workers() const noexcept override { return shared_ ? whole_.workers() : 1; }',
      'int workers() const noexcept override { return 1; }',
      'kernels with helpers have scratch memory for one worker',
    ],
  ],
  'native/runtime/sample_call.cc': [
    ['sample.batch = view.shape[0];', 'sample.batch = 1;', 'kernels are told that the batch is one sample'],
    ['view.shape[0] = 1;', '', 'every sample is the whole batch'],
    [
      'view.whole = call.passing[i] == 0 ? view.size() : 0;',
      'view.whole = -1;',
      'what passes is taken for a tensor in memory',
      { equivalent: 'speed only: whether results go past the caches' },
    ],
  ],
  'native/runtime/arena.cc': [
    [
      'if (length > bytes) free_.emplace(offset + bytes, length - bytes);',
      'if (length > bytes) free_.emplace(offset + bytes - 64, length - bytes);',
      'two tensors share a line',
    ],
    [
      'part->second += next->second;\n    free_.erase(next);',
      'free_.erase(next);',
      'memory behind what is given back is lost',
    ],
    [
      'if (part->second < bytes) continue;',
      'if (part->second + 64 < bytes) continue;',
      'a part that is too small is handed out',
    ],
    ['before->second += part->second;', '', 'memory that is given back behind a free part is lost'],
    [
      'touched_ = std::max(touched_, offset + bytes);',
      'touched_ = offset + bytes;',
      'memory() tells less than was touched',
    ],
  ],
  'native/runtime/memory.cc': [
    ['in_use_ -= block->capacity;', '', 'memory() counts what was let go'],
    [
      'round_up(std::max(bytes, size_t{1}), kLine);',
      'round_up(std::max(bytes, size_t{1}), kLine / 4);',
      'tensors do not begin at a line',
    ],
    [
      'arena->give_back(block->data, block->capacity);',
      'arena->give_back(block->data, kLine);',
      'only the first line of a tensor is given back',
    ],
  ],
  'native/runtime/arrival.cc': [
    [
      'for (int64_t last = tasks - 1; last > 0; --last)',
      'for (int64_t last = tasks - 1; last > 1; --last)',
      'the first two tasks are not shuffled',
    ],
    [
      'words.below(static_cast<uint32_t>(last + 1))',
      'words.below(static_cast<uint32_t>(last))',
      'no task keeps its place',
    ],
    [
      'kArrivalStream + 256 * place.loop, place.step',
      'kArrivalStream, place.step',
      'every loop of a call arrives in the same order',
    ],
    ['first_(uint64_t{place.call} << 32) {}', 'first_(0) {}', 'every call of a step arrives in the same order'],
    [
      'if (static_cast<uint32_t>(product) >= rejected)',
      'if (true)',
      'some places are likelier than others',
      { equivalent: 'a rejection has a chance of tasks in 2^32' },
    ],
    [
      'log_.push_back({loop, task, value});',
      'log_.push_back({0, task, value});',
      "arrivals of all loops are logged as the first's",
    ],
  ],
  'native/runtime/float_environment.h': [
    [
      'static constexpr Word kDefault = 0x1f80;',
      'static constexpr Word kDefault = 0x9fc0;',
      'denormals are flushed to zero',
    ],
    ['~FloatEnvironment() { write(saved_); }', '~FloatEnvironment() {}', "the caller's environment is not restored"],
  ],
  'native/binding/arguments.cc': [
    ['if (!is_integer(dtype, 0, 2) || dtype', 'if (is_integer(dtype, 0, 2) && dtype', 'a dtype that is none is taken'],
    ['if (shape.Length() > kMaxRank)', 'if (shape.Length() > kMaxRank + 1)', 'nine axes are written into eight places'],
    [
      'if (!slot.optional) fail(env, StatusCode::kArgument, who + ": expected a tensor, got null");',
      '',
      'null is taken for a tensor that is needed',
    ],
    ['if (storage.owner() != runtime)', 'if (false)', 'tensors of another runtime are taken'],
    [
      'if (bytes > static_cast<double>(block->bytes))',
      'if (bytes > static_cast<double>(block->capacity))',
      'a tensor may reach into what its memory was rounded up by',
    ],
    [
      'const double bytes = (offset + elements) * static_cast',
      'const double bytes = elements * static_cast',
      'an offset may lead behind the memory',
    ],
    [
      'static_cast<int64_t>(offset) * kDtypeBytes[static_cast<int>(slot.dtype)];',
      'static_cast<int64_t>(offset) * 4;',
      'bytes are found at four times their offset',
    ],
    [
      'if (!lossless) fail(env, StatusCode::kArgument, who + ": expected 64 bits, got more");',
      '',
      'seeds of more than 64 bits are cut',
    ],
    [
      'if (!is_integer(number, 1, kMaxPassing))',
      'if (!is_integer(number, 0, kMaxPassing + 1))',
      'one number too many passes',
    ],
    [
      'if (static_cast<int>(tensors.Length()) != kernel.tensor_count)',
      'if (static_cast<int>(tensors.Length()) < kernel.tensor_count)',
      'too many tensors are taken',
    ],
    [
      'const FloatEnvironment environment;  // settings are rounded to float here',
      '',
      'settings are rounded as the caller rounds',
    ],
  ],
  'native/binding/addon.cc': [
    [
      'if (!(offset >= 0) || offset + static_cast<double>(array.ByteLength()) > static_cast<double>(block->bytes))',
      'if (static_cast<double>(array.ByteLength()) > static_cast<double>(block->bytes))',
      'write and read go behind the memory',
    ],
    ['+ array.ByteOffset(),', ',', 'typed arrays that begin inside a buffer are read from its start'],
    [
      'if (!is_integer(info[1], 0, kSafeInteger))',
      'if (!is_integer(info[1], -kSafeInteger, kSafeInteger))',
      'memory of -1 bytes is asked for',
    ],
  ],
  'native/binding/handles.cc': [
    [
      'if (!block_) fail(env, StatusCode::kArgument, std::string(who) + ": expected a live storage',
      'if (false) fail(env, StatusCode::kArgument, std::string(who) + ": expected a live storage',
      'a storage that was let go is used',
    ],
    [
      'if (block_) memory_->disposed(info.Env(), static_cast<int64_t>(block_->capacity));',
      '',
      'the garbage collector is not told of memory let go',
    ],
    [
      'if (!is_integer(info[1], 0, count - 1))',
      'if (!is_integer(info[1], 0, count))',
      'one element behind the storage is watched',
    ],
    ['if (!is_integer(info[0], 0, kMostSteps))', 'if (!info[0].IsNumber())', 'a step below 0 is taken'],
    ['if (!tagged(value, kStorageTag))', 'if (!value.IsObject())', 'any object is taken for a storage'],
  ],
  'native/binding/run.cc': [
    ['if (status_.ok()) status_ = runtime->finish();', '', 'a promise is kept before its call is computed'],
  ],
};
