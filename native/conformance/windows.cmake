# Cross-compiles for Windows and runs the tests under wine: Debian's g++-mingw-w64-x86-64-posix and wine64.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
# Windows keeps the stack at 16 bytes, which gcc does not heed for wider registers (its bug 54412).
set(CMAKE_CXX_FLAGS_INIT -Wa,-muse-unaligned-vector-move)
find_program(SAMEBITS_WINE NAMES wine64 wine PATHS /usr/lib/wine REQUIRED)
set(CMAKE_CROSSCOMPILING_EMULATOR ${SAMEBITS_WINE})
