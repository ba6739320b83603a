# Compiles for SAMEBITS_ZIG_TARGET by zig, which has a C++ library and headers for many systems (PyPI: ziglang). A program for Linux
# is run here as it is, since it is linked statically.
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES SAMEBITS_ZIG SAMEBITS_ZIG_TARGET)
if(SAMEBITS_ZIG_TARGET MATCHES macos)
  set(CMAKE_SYSTEM_NAME Darwin)
  set(CMAKE_OSX_SYSROOT /)
else()
  set(CMAKE_SYSTEM_NAME Linux)
  set(CMAKE_CROSSCOMPILING_EMULATOR env)
endif()
string(REGEX REPLACE "-.*" "" CMAKE_SYSTEM_PROCESSOR ${SAMEBITS_ZIG_TARGET})
set(CMAKE_CXX_COMPILER ${SAMEBITS_ZIG} c++ -target ${SAMEBITS_ZIG_TARGET})
