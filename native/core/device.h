// SAMEBITS_DEVICE marks a function of core that CUDA kernels call too. A C++ compiler sees nothing of it.
#pragma once

#if defined(__CUDACC__)
#define SAMEBITS_DEVICE __host__ __device__
#else
#define SAMEBITS_DEVICE
#endif
