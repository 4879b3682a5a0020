#ifndef TPFUZZ_LINUX_ERRNO_H
#define TPFUZZ_LINUX_ERRNO_H
#define EPERM 1
#define ENOENT 2
#define EAGAIN 11
#define ENOMEM 12
#define EBUSY 16
#define EEXIST 17
#define ENODEV 19
#define EINVAL 22
#define ENOSYS 38
#endif
