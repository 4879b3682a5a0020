/* The heap. An allocation fails where the operation says so. */
#ifndef TPFUZZ_LINUX_SLAB_H
#define TPFUZZ_LINUX_SLAB_H

#define GFP_KERNEL 0u
#define GFP_ATOMIC 0u
#define GFP_NOWAIT 0u
#define __GFP_ZERO 0u
#define __GFP_NOFAIL 0u

#define struct_size(pointer, member, count) (sizeof(*(pointer)) + sizeof(*(pointer)->member) * (size_t)(count))
#define size_mul(a, b) ((size_t)(a) * (size_t)(b))

static inline void* kmalloc(size_t size, gfp_t flags) { return TPFUZZ_ASK(allocate, size); }
static inline void* kzalloc(size_t size, gfp_t flags) {
  void* block = kmalloc(size, flags);
  return block ? memset(block, 0, size) : NULL;
}
static inline void* kmalloc_array(size_t count, size_t size, gfp_t flags) { return kmalloc(count * size, flags); }
static inline void* kcalloc(size_t count, size_t size, gfp_t flags) { return kzalloc(count * size, flags); }
#define kmalloc_flex(type, member, count, ...) \
  ((__typeof__(type)*)kmalloc(struct_size((__typeof__(type)*)0, member, count), GFP_KERNEL))
#define kvmalloc(size, flags) kmalloc(size, flags)

static inline void kfree(const void* block) { TPFUZZ_ASK(release, block); }
#define kvfree(block) kfree(block)

#endif
