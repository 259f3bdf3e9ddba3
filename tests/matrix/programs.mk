# SPDX-License-Identifier: MIT
#
# programs.mk - the programs that the matrix runs, built like anybody's: -O2, nothing of gridlock's
#
# But for those with goroutines: they are linked with the library, and built in four ways.
#
# Run from the top of the tree: make -f tests/matrix/programs.mk

here := tests/matrix
bin  := build/tests/matrix
CXX  ?= c++
c_flags   := -std=gnu11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Wshadow -Wstrict-prototypes \
             -Wmissing-prototypes -pthread -Iinclude -MMD -MP
cxx_flags := -std=c++17 -O2 -g -Wall -Wextra -Wshadow -pthread -MMD -MP

programs := locks locks_cxx reuse reuse_cxx conditions servers meetings idioms endings misuse misuse_threads processes cplusplus

# The ways to build the channels_* programs besides the usual one: directory = compiler and flags.
CLANG ?= clang
ways  := channels-gcc-O0 $(if $(shell command -v $(CLANG)),channels-clang-O2 channels-clang-O0)
channels-gcc-O0   := $(CC) -O0
channels-clang-O2 := $(CLANG) -O2
channels-clang-O0 := $(CLANG) -O0

channel_programs := stuck mixed ends leave misuse locks orders idle watch time idioms
channel_programs := $(channel_programs:%=channels_%)

all: $(programs:%=$(bin)/%) $(channel_programs:%=$(bin)/%) \
     $(foreach way,$(ways),$(channel_programs:%=$(bin)/$(way)/%))

$(bin)/locks:     $(bin)/locks.o $(bin)/kinds.o
$(bin)/reuse:     $(bin)/reuse.o $(bin)/kinds.o
$(bin)/conditions: $(bin)/conditions.o $(bin)/scenario.o
$(bin)/servers:   $(bin)/servers.o $(bin)/scenario.o
$(bin)/meetings:  $(bin)/meetings.o $(bin)/scenario.o
$(bin)/idioms:    $(bin)/idioms.o $(bin)/scenario.o
$(bin)/endings:   $(bin)/endings.o $(bin)/scenario.o
$(bin)/misuse:    $(bin)/misuse.o $(bin)/scenario.o
$(bin)/misuse_threads: $(bin)/misuse_threads.o $(bin)/scenario.o
$(bin)/processes: $(bin)/processes.o $(bin)/scenario.o
$(bin)/locks_cxx: $(bin)/locks.o $(bin)/kinds_cxx.o
$(bin)/reuse_cxx: $(bin)/reuse.o $(bin)/kinds_cxx.o
$(bin)/cplusplus: $(bin)/cplusplus.o $(bin)/scenario.o

$(bin)/locks $(bin)/reuse $(bin)/conditions $(bin)/servers $(bin)/meetings $(bin)/idioms $(bin)/endings $(bin)/misuse $(bin)/misuse_threads $(bin)/processes:
	$(CC) -pthread -o $@ $^

$(bin)/locks_cxx $(bin)/reuse_cxx $(bin)/cplusplus:
	$(CXX) -pthread -o $@ $^

# Linked as a user would, but found where it was built.
library  := -Lbuild -Wl,-rpath,$(CURDIR)/build -lgridlock
channels := $(here)/channels.c $(here)/scenario.c

$(channel_programs:%=$(bin)/%): $(bin)/%: $(bin)/%.o $(bin)/channels.o $(bin)/scenario.o
	$(CC) -pthread -o $@ $^ $(library)

define built_in_a_way
$(channel_programs:%=$(bin)/$(1)/%): $(bin)/$(1)/%: $(here)/%.c $(channels) \
    $(wildcard $(here)/*.h include/*.h include/gridlock/*.h)
	@mkdir -p $$(@D)
	$($(1)) $(filter-out -O2 -MMD -MP,$(c_flags)) -o $$@ $$(filter %.c,$$^) $(library)
endef
$(foreach way,$(ways),$(eval $(call built_in_a_way,$(way))))

$(bin)/%.o: $(here)/%.c
	@mkdir -p $(@D)
	$(CC) $(c_flags) -c -o $@ $<

$(bin)/%.o: $(here)/%.cc
	@mkdir -p $(@D)
	$(CXX) $(cxx_flags) -c -o $@ $<

-include $(wildcard $(bin)/*.d)
