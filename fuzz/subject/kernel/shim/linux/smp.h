#ifndef TPFUZZ_LINUX_SMP_H
#define TPFUZZ_LINUX_SMP_H
#define raw_smp_processor_id() 0
#define smp_processor_id() 0
#define cpu_online(cpu) ((void)(cpu), true)
#endif
