# SPDX-License-Identifier: MIT
#
# programs.mk - the programs of tests/robust; nothing of gridlock's is linked
#
# But for channels, which needs the runtime: with the detector, and alone for comparison.
#
# Run from the top of the tree: make -f tests/robust/programs.mk JEMALLOC=path TCMALLOC=path
# Without a path the programs linked with that allocator are left out.

here := tests/robust
bin  := build/tests/robust
CXX  ?= c++
c_flags   := -std=gnu11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Wshadow -Wstrict-prototypes \
             -Wmissing-prototypes -pthread -I. -Iinclude -MMD -MP
cxx_flags := -std=c++17 -O2 -g -Wall -Wextra -Wshadow -pthread -I. -MMD -MP

programs := endings destructors processes limits signals allocation
programs += $(if $(JEMALLOC),allocation_jemalloc) $(if $(TCMALLOC),allocation_tcmalloc)

all: $(programs:%=$(bin)/%) $(bin)/plugin.so $(bin)/channels $(bin)/channels_alone

$(bin)/endings $(bin)/processes $(bin)/limits $(bin)/signals $(bin)/allocation: $(bin)/%: \
    $(bin)/%.o $(bin)/scenario.o
	$(CC) -pthread -o $@ $^ -ldl

$(bin)/allocation_jemalloc: $(bin)/allocation.o $(bin)/scenario.o
	$(CC) -pthread -o $@ $^ $(JEMALLOC)

$(bin)/allocation_tcmalloc: $(bin)/allocation.o $(bin)/scenario.o
	$(CC) -pthread -o $@ $^ $(TCMALLOC)

$(bin)/destructors: $(bin)/destructors.o $(bin)/scenario.o
	$(CXX) -pthread -o $@ $^

$(bin)/channels: $(bin)/channels.o $(bin)/scenario.o
	$(CC) -pthread -o $@ $^ -Lbuild -Wl,-rpath,$(CURDIR)/build -lgridlock

$(bin)/channels_alone: $(bin)/channels.o $(bin)/scenario.o build/libgridlock_runtime.a
	$(CC) -pthread -o $@ $^

$(bin)/plugin.so: $(here)/plugin.c
	@mkdir -p $(@D)
	$(CC) $(c_flags) -fPIC -shared -o $@ $<

# Each allocation that is freed at once is the point: the compiler must not remove it.
$(bin)/allocation.o: c_flags += -fno-builtin-malloc -fno-builtin-free
$(bin)/limits.o: c_flags += -DPLUGIN_PATH='"$(CURDIR)/$(bin)/plugin.so"'

$(bin)/%.o: $(here)/%.c
	@mkdir -p $(@D)
	$(CC) $(c_flags) -c -o $@ $<

$(bin)/scenario.o: tests/matrix/scenario.c
	@mkdir -p $(@D)
	$(CC) $(c_flags) -c -o $@ $<

$(bin)/%.o: $(here)/%.cc
	@mkdir -p $(@D)
	$(CXX) $(cxx_flags) -c -o $@ $<

-include $(wildcard $(bin)/*.d)
