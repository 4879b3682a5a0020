/* The Host as a table of C functions: for code under test that was loaded at run time, and knows nothing of C++. Each
 * function is the one of the same name in host.h, called on the CPU that runs the operation. Valid for as long as the
 * process; a call outside of an execution ends the program with one line. */
#ifndef TPFUZZ_HOST_TABLE_H
#define TPFUZZ_HOST_TABLE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A grace period, as snapshot fills it in. Its content is the Host's. */
struct tpfuzz_cookie {
  unsigned long words[8];
};

struct tpfuzz_host {
  size_t size; /* of this table: a later one is longer */

  void (*point)(int point); /* tp::Point, which is no access */
  void (*lock)(int mutex);
  void (*unlock)(int mutex);
  void (*read_lock)(int domain);
  void (*read_unlock)(int domain);
  void (*synchronize)(int domain);
  void (*snapshot)(int domain, struct tpfuzz_cookie* cookie);
  void (*await)(const struct tpfuzz_cookie* cookie);
  void (*start_worker)(void);
  void (*await_worker)(void);
  void (*text_changed)(void);

  /* `size` bytes for the caller; NULL where the operation says that this allocation fails. */
  void* (*allocate)(size_t size);
  /* Frees what allocate has returned once the grace period is over; at once if cookie is NULL. */
  void (*defer_free)(void* block, const struct tpfuzz_cookie* cookie);

  int (*hook)(int on); /* 0, or a negative errno */
};

/* The one table. */
const struct tpfuzz_host* tpfuzz_host_table(void);

#ifdef __cplusplus
}
#endif

#endif
