# Compiles for Linux with the C library of SAMEBITS_ZIG_TARGET by zig, which has that and a C++ library. The program is linked statically,
# so it runs here as it is.
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES SAMEBITS_ZIG SAMEBITS_ZIG_TARGET)
string(REGEX REPLACE "-.*" "" CMAKE_SYSTEM_PROCESSOR ${SAMEBITS_ZIG_TARGET})
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_CROSSCOMPILING_EMULATOR env)
if(CMAKE_SYSTEM_PROCESSOR STREQUAL x86_64)
  # What tells the processor's instruction sets is not in zig's runtime; gcc's needs no C library for it.
  execute_process(COMMAND c++ -print-libgcc-file-name OUTPUT_VARIABLE SAMEBITS_LIBGCC OUTPUT_STRIP_TRAILING_WHITESPACE)
  set(CMAKE_CXX_STANDARD_LIBRARIES ${SAMEBITS_LIBGCC})
endif()
set(CMAKE_CXX_COMPILER ${SAMEBITS_ZIG} c++ -target ${SAMEBITS_ZIG_TARGET})
