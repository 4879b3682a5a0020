#ifndef TPFUZZ_LINUX_STRINGIFY_H
#define TPFUZZ_LINUX_STRINGIFY_H
#define __stringify_1(...) #__VA_ARGS__
#define __stringify(...) __stringify_1(__VA_ARGS__)
#endif
