// The engine's number. The library is single precision; tests/Croma.GradientChecks compiles the very same
// source with Real = double, so that what is gradient-checked in double precision is the code that ships.
#if REAL_IS_DOUBLE
global using Real = double;
#else
global using Real = float;
#endif

// working memory on the stack is written before it is read
[module: System.Runtime.CompilerServices.SkipLocalsInit]
