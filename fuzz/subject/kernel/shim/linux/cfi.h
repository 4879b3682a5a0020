#ifndef TPFUZZ_LINUX_CFI_H
#define TPFUZZ_LINUX_CFI_H
#define CFI_NOSEAL(function)
#endif
