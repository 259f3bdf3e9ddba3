/* SPDX-License-Identifier: MIT */
/*
 * What if somebody links libgridlock.a into a static program? There the C library's own functions
 * cannot be found behind ours, so it cannot work; but the linker would only complain about free().
 *
 * Only a program with a dynamic loader has _DYNAMIC. For others the linker names this function, and
 * its name says what to do.
 */
extern const char _DYNAMIC[] __attribute__((visibility("hidden")));

const void *a_static_program_cannot_be_watched__use_libgridlock_runtime(void);

__attribute__((used)) const void *a_static_program_cannot_be_watched__use_libgridlock_runtime(void)
{
    return _DYNAMIC;
}
