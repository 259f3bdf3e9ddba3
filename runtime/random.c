/* SPDX-License-Identifier: MIT */
#include "runtime/random.h"

#include "runtime/park.h"

static __thread uint64_t state __attribute__((tls_model("initial-exec")));

uint32_t random_below(uint32_t n)
{
    if (!state)
        state = ((uint64_t)park_now() ^ (uintptr_t)&state) * UINT64_C(0x9e3779b97f4a7c15) | 1;
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)((state * UINT64_C(0x2545f4914f6cdd1d) >> 32) * n >> 32);
}
