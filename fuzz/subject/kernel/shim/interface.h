/* What a compiled tree and the harness are to each other: a table of functions each way. C, and C++. */
#ifndef TPFUZZ_KERNEL_INTERFACE_H
#define TPFUZZ_KERNEL_INTERFACE_H

#ifdef __cplusplus
extern "C" {
#endif

/* The domains of readers (fuzz/subject/host.h). */
enum { TPFUZZ_RCU, TPFUZZ_TASKS_TRACE, TPFUZZ_SRCU };

/* What a WARN_ON says. The array of all of them is the tree's own section, in the order of the file. */
struct tpfuzz_warning {
  const char* condition;
  const char* file;
  int line;
};

struct tpfuzz_tree;

/* What the tree asks of the harness. Each function is called on the CPU that runs the operation, which may be delayed
 * in it. `tree` is what the harness gave to tpfuzz_begin. README.md says what each primitive means. */
struct tpfuzz_harness {
  struct tpfuzz_tree* tree;

  void (*lock)(struct tpfuzz_tree* tree, const void* mutex);
  void (*unlock)(struct tpfuzz_tree* tree, const void* mutex);

  /* A reader's section. */
  void (*enter)(struct tpfuzz_tree* tree, int domain);
  void (*leave)(struct tpfuzz_tree* tree, int domain);

  /* RCU begins to watch a CPU that is idle, or ceases to. */
  void (*watch)(struct tpfuzz_tree* tree, int on);

  void (*synchronize)(struct tpfuzz_tree* tree, int domain);
  unsigned long (*get_state)(struct tpfuzz_tree* tree, int domain);
  int (*poll_state)(struct tpfuzz_tree* tree, int domain, unsigned long cookie);
  void (*cond_synchronize)(struct tpfuzz_tree* tree, int domain, unsigned long cookie);
  void (*call)(struct tpfuzz_tree* tree, int domain, void* head, void (*function)(void* head));

  void* (*allocate)(struct tpfuzz_tree* tree, unsigned long size);
  void (*release)(struct tpfuzz_tree* tree, const void* block);

  /* Around a store of an RCU-protected pointer, and around a load. */
  void (*publishes)(struct tpfuzz_tree* tree, const void* pointer);
  void (*published)(struct tpfuzz_tree* tree, const void* pointer);
  void (*dereferences)(struct tpfuzz_tree* tree);
  void (*dereferenced)(struct tpfuzz_tree* tree, const void* value);

  void (*keyed)(struct tpfuzz_tree* tree);  /* a static branch was taken */
  void (*loaded)(struct tpfuzz_tree* tree); /* a static call is about to be executed */
  void (*set_key)(struct tpfuzz_tree* tree, const void* key, int on);
  void (*update_call)(struct tpfuzz_tree* tree, const void* key, void* function);

  void (*warn)(struct tpfuzz_tree* tree, const struct tpfuzz_warning* warning);
  int (*hook)(struct tpfuzz_tree* tree, int on);

  /* What the compiler tells of: before a plain access, and before an indirect call. */
  void (*loads)(struct tpfuzz_tree* tree, const void* address);
  void (*stores)(struct tpfuzz_tree* tree, const void* address);
  void (*calls)(struct tpfuzz_tree* tree);
};

/* What a hit passes to the tracepoint with arguments (fuzz/subject/arguments.h). */
struct tpfuzz_arguments {
  unsigned long a, b, c;
  void* token;
  unsigned long d;
  double real;
  unsigned long e;
};

/* A place whose text changes with a static key: offsets, each from its own place (core/static_key.h). */
struct tpfuzz_key_site {
  int site;
  int branch;
  int key;
};

/* One tracepoint of the tree. */
struct tpfuzz_tracepoint {
  void* tracepoint;
  const void* key;  /* of the static branch */
  const void* call; /* of the static call */
  void* trampoline; /* of the static call */
  void* iterator;
  const void* funcs;                                          /* where the pointer to the array lies */
  void (*sites[2])(const struct tpfuzz_arguments* arguments); /* the readers */
  int second_is_idle;                                         /* the second one's CPU is idle */
};

struct tpfuzz_entry {
  void* func;
  void* data;
  int prio;
};

/* What the harness asks of the tree. */
enum { TPFUZZ_TRACEPOINTS = 4 };
struct tpfuzz_tree_functions {
  struct tpfuzz_tracepoint ordinary[TPFUZZ_TRACEPOINTS];
  struct tpfuzz_tracepoint faultable[TPFUZZ_TRACEPOINTS]; /* of a tree that has such readers */
  int has_faultable;

  int (*add)(void* tracepoint, void* func, void* data, int prio);
  int (*remove)(void* tracepoint, void* func, void* data);
  void (*synchronize)(void);          /* for every kind of readers */
  void (*synchronize_ordinary)(void); /* for one kind */
  void (*synchronize_faultable)(void);
  const void* (*array)(const void* tracepoint);                           /* what is published */
  int (*entry)(const void* array, int index, struct tpfuzz_entry* entry); /* 0 behind the last one */

  int (*initialise)(void); /* the initcalls, early ones first; 0 if all of them return 0 */

  const struct tpfuzz_key_site *first_key_site, *end_of_key_sites;
  const struct tpfuzz_warning *first_warning, *end_of_warnings;
  const char *passes, *end_of_passes; /* the code of the call sites */
};

/* The one symbol that the library exports. */
const struct tpfuzz_tree_functions* tpfuzz_begin(const struct tpfuzz_harness* harness);

#ifdef __cplusplus
}
#endif

#endif
