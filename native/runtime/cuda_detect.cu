// Whether there is a CUDA device and why not. Asked once: a driver does not come or go while a process runs.
#include <cuda_runtime.h>

#include <cstdio>

#include "runtime/detect.h"

namespace samebits {
namespace {

constexpr int kOldest = 75;  // sm_75 is the oldest architecture that the build compiles for

struct Found {
  bool available = false;
  char reason[200] = "";
  char architecture[16] = "";
};

Found find() noexcept {
  Found found;
  int driver = 0, devices = 0;
  cudaError_t error = cudaDriverGetVersion(&driver);
  if (error != cudaSuccess) {
    std::snprintf(found.reason, sizeof found.reason, "the NVIDIA driver does not tell its version: %s", cudaGetErrorString(error));
    return found;
  }
  if (driver == 0) {
    std::snprintf(found.reason, sizeof found.reason, "this machine has no NVIDIA driver");
    return found;
  }
  error = cudaGetDeviceCount(&devices);
  if (error != cudaSuccess || devices < 1) {
    std::snprintf(found.reason, sizeof found.reason, "the NVIDIA driver (CUDA %d.%d) offers no device: %s",
                  driver / 1000, driver % 1000 / 10,
                  error == cudaSuccess ? "there is none" : cudaGetErrorString(error));
    return found;
  }
  int major = 0, minor = 0, pools = 0;
  error = cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, 0);
  if (error == cudaSuccess) error = cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, 0);
  if (error == cudaSuccess) error = cudaDeviceGetAttribute(&pools, cudaDevAttrMemoryPoolsSupported, 0);
  if (error != cudaSuccess) {
    std::snprintf(found.reason, sizeof found.reason, "the NVIDIA driver (CUDA %d.%d) tells nothing of the device: %s",
                  driver / 1000, driver % 1000 / 10, cudaGetErrorString(error));
    return found;
  }
  std::snprintf(found.architecture, sizeof found.architecture, "sm%d", major * 10 + minor);
  if (major * 10 + minor < kOldest)
    std::snprintf(found.reason, sizeof found.reason, "the device is %s; sm%d or newer is needed", found.architecture,
                  kOldest);
  else if (pools == 0)
    std::snprintf(found.reason, sizeof found.reason, "the driver does not offer memory pools on this device");
  else
    found.available = true;
  return found;
}

const Found& found() noexcept {
  static const Found once = find();
  return once;
}

}  // namespace

Availability cuda_availability() noexcept { return {found().available, found().reason}; }
const char* cuda_architecture() noexcept { return found().available ? found().architecture : ""; }

}  // namespace samebits
