# SPDX-License-Identifier: MIT
#
# programs.mk - the programs that the matrix runs, built like anybody's: -O2, nothing of gridlock's
#
# Run from the top of the tree: make -f tests/matrix/programs.mk

here := tests/matrix
bin  := build/tests/matrix
CXX  ?= c++
c_flags   := -std=gnu11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Wshadow -Wstrict-prototypes \
             -Wmissing-prototypes -pthread -MMD -MP
cxx_flags := -std=c++17 -O2 -g -Wall -Wextra -Wshadow -pthread -MMD -MP

programs := locks locks_cxx reuse reuse_cxx conditions servers meetings idioms endings misuse misuse_threads processes cplusplus

all: $(programs:%=$(bin)/%)

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

$(bin)/%.o: $(here)/%.c
	@mkdir -p $(@D)
	$(CC) $(c_flags) -c -o $@ $<

$(bin)/%.o: $(here)/%.cc
	@mkdir -p $(@D)
	$(CXX) $(cxx_flags) -c -o $@ $<

-include $(wildcard $(bin)/*.d)
