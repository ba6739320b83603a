# Cross-compiles for AArch64 and runs the tests under qemu: Debian's g++-aarch64-linux-gnu and qemu-user-static; with
# SAMEBITS_CLANG, a path, by that clang, which takes headers and libraries of the same packages.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES SAMEBITS_CLANG)
if(SAMEBITS_CLANG)
  set(CMAKE_CXX_COMPILER ${SAMEBITS_CLANG})
  set(CMAKE_CXX_COMPILER_TARGET aarch64-linux-gnu)
else()
  set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
endif()
find_program(SAMEBITS_QEMU NAMES qemu-aarch64-static qemu-aarch64 REQUIRED)
set(CMAKE_CROSSCOMPILING_EMULATOR ${SAMEBITS_QEMU})
