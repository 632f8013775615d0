/**
 * Environment of processes that load models, so that glibc gives the memory of replaced ones back to the system: blocks of
 * this many bytes or more get a mapping of their own, which ends with them. Left to itself glibc raises that size after
 * the first big block it frees, and then keeps them in a heap that only grows (docs/decisions/0011-swap-memory.md). It
 * reads this at the start of a process only; systems without glibc ignore it.
 */
export const MEMORY_ENVIRONMENT: Readonly<Record<string, string>> = { MALLOC_MMAP_THRESHOLD_: '131072' };
