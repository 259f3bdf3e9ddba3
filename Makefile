# SPDX-License-Identifier: MIT
#
# Gridlock - one Makefile for the detector, its tests and the lessons
#
#   make            build/gridlock and build/libgridlock.so
#   make help       every target
#
# CC, CFLAGS, LDFLAGS, PREFIX, DESTDIR and BUILD are yours. CFLAGS replaces only the default
# "-O2 -g"; what the code cannot do without is in BASE_CFLAGS and stays.
# Sources are found by wildcard: adding a file needs no edit here.

BUILD   ?= build
PREFIX  ?= /usr/local
LIBDIR  ?= $(PREFIX)/lib
CFLAGS  ?= -O2 -g
CLANG   ?= clang
VERSION := 0.1.0
JOBS    ?= 2
export CLANG

# One short line a file; V=1 shows the whole commands.
quiet = $(if $(V),,@printf '  %-4s %s\n' $(1) $(2);)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# ---------------------------------------------------------------- sources and objects

core_sources    := $(wildcard detector/core/*.c) $(wildcard detector/report/*.c)
library_sources := $(core_sources) $(wildcard detector/interpose/*.c) $(wildcard runtime/*.c)
cli_sources     := $(wildcard detector/cli/*.c)
public_headers  := $(wildcard include/gridlock/*.h)
unit_sources    := $(wildcard tests/unit/test_*.c)
unit_helpers    := $(filter-out $(unit_sources),$(wildcard tests/unit/*.c))

objects          = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
core_objects    := $(call objects,$(core_sources))
library_objects := $(call objects,$(library_sources))
cli_objects     := $(call objects,$(cli_sources))
unit_objects    := $(call objects,$(unit_sources) $(unit_helpers))
unit_programs   := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(unit_sources))

command := $(BUILD)/gridlock
library := $(BUILD)/libgridlock.so
archive := $(BUILD)/libcore.a

# ---------------------------------------------------------------- flags

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
BASE_CFLAGS := -std=gnu11 $(WARNINGS) -I. -Iinclude -D_GNU_SOURCE -pthread $(WERROR) $(SANITIZE)

# Inside somebody else's program: hidden names; thread-local data without a call (which could
# allocate); no stack protector, since a canary is not yet set up where we may be called first;
# unwind tables, since cancellation and C++ exceptions pass through our frames. The unwinder is
# linked in: a program may bring another one (libunwind) that takes locks of its own.
LIBRARY_CFLAGS := -fPIC -fvisibility=hidden -fno-exceptions -fasynchronous-unwind-tables -ftls-model=initial-exec -fno-stack-protector
CLI_CFLAGS      = -DGRIDLOCK_VERSION='"$(VERSION)"' -DGRIDLOCK_LIBDIR='"$(LIBDIR)"' $(cli_packages)

$(library_objects): EXTRA_CFLAGS = $(LIBRARY_CFLAGS)
$(cli_objects):     EXTRA_CFLAGS = $(CLI_CFLAGS)
$(unit_objects):    EXTRA_CFLAGS = $(shell pkg-config --cflags cmocka 2>/dev/null)

# Expanded late, when a recipe runs: by then the set-up has installed what was missing.
cli_packages = $(shell pkg-config --cflags libdw libelf jansson 2>/dev/null)
cli_libs     = $(shell pkg-config --libs libdw libelf jansson 2>/dev/null || echo -ldw -lelf -ljansson)
unit_libs    = $(shell pkg-config --libs cmocka 2>/dev/null || echo -lcmocka)

# ---------------------------------------------------------------- the build

.PHONY: all
all: $(command) $(library)

# (The conditions: a tree in which a part has no source yet still builds the other.)
$(command): $(cli_objects) $(BUILD)/links
ifneq ($(cli_objects),)
	$(call quiet,LINK,$@)$(CC) $(SANITIZE) $(LDFLAGS) -pthread -o $@ $(cli_objects) $(cli_libs) $(LDLIBS)
endif

$(library): $(library_objects) $(BUILD)/links
ifneq ($(library_objects),)
	$(call quiet,LINK,$@)$(CC) -shared -static-libgcc -Wl,--exclude-libs,ALL -Wl,-z,now -Wl,--no-undefined $(SANITIZE) $(LDFLAGS) -o $@ \
	    $(library_objects) -lpthread $(LDLIBS)
endif

$(archive): $(core_objects) $(BUILD)/links
	@rm -f $@
	$(call quiet,AR,$@)$(AR) rcs $@ $(core_objects)

# An object depends on the flags too: another CC or CFLAGS rebuilds it. The set-up check is
# order-only: it runs, but its running makes nothing older.
$(BUILD)/obj/%.o: %.c $(BUILD)/flags | setup-build
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(CC) $(BASE_CFLAGS) $(EXTRA_CFLAGS) -MMD -MP $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/flags: always
	@mkdir -p $(@D)
	@echo '$(CC) $(subst ','\'',$(BASE_CFLAGS) $(LIBRARY_CFLAGS) $(CPPFLAGS) $(CFLAGS) $(LIBDIR))' > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# A source file that came or went, or other LDFLAGS, link again.
$(BUILD)/links: always
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(CC) $(LDFLAGS) $(LDLIBS) $(library_objects) $(cli_objects))' > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

.PHONY: always
always:

-include $(patsubst %.o,%.d,$(library_objects) $(cli_objects) $(unit_objects))

# What is missing is installed, or the command that installs it is printed and we stop here.
.PHONY: setup setup-build setup-test setup-race
setup: setup-test
setup-build setup-test setup-race:
	@CC="$(CC)" tools/setup $(@:setup-%=%)

# ---------------------------------------------------------------- tests

SUITES := check compilers unit cli lessons matrix robust

# Every suite runs even if an earlier one failed. Each leaves "passed failed" in SUITE.count.
.PHONY: test
test: setup-test all
	@tools/test-suites $(SUITES)

.PHONY: check
check: all
	@tools/check-self-test && tools/setup-self-test && tools/check

# Both compilers, every warning an error; test-unit uses these trees too.
.PHONY: test-compilers
test-compilers: setup-test
	@tools/test-compilers

.PHONY: test-unit
test-unit: setup-test
	@tools/test-unit

.PHONY: test-cli test-lessons test-matrix test-robust test-programs
test-cli test-lessons test-matrix test-robust test-programs: setup-test all
	@mkdir -p build/tests
	@$(@:test-%=tests/%)/run

.PHONY: bench
bench: setup-build all
	@bench/run

# The unit-test programs of one tree: make unit-tests BUILD=build/asan SANITIZE=-fsanitize=address
.PHONY: unit-tests
unit-tests: $(unit_programs)

.SECONDARY: $(unit_objects)
$(BUILD)/tests/test_%: $(BUILD)/obj/tests/unit/test_%.o $(call objects,$(unit_helpers)) $(archive)
	@mkdir -p $(@D)
	$(call quiet,LINK,$@)$(CC) $(SANITIZE) $(LDFLAGS) -pthread -o $@ $(filter %.o,$^) $(archive) $(unit_libs) $(LDLIBS)

# ---------------------------------------------------------------- lessons

.PHONY: list race
list:
	@tools/lesson list

race: setup-race all
	@tools/race

race-%: setup-race all
	@tools/race $*

run-%: all
	@tools/lesson run $*

diff-%:
	@tools/lesson diff $*

# ---------------------------------------------------------------- install, clean, help

.PHONY: install uninstall clean format
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(LIBDIR)
	install -m 755 $(command) $(DESTDIR)$(PREFIX)/bin/gridlock
	install -m 755 $(library) $(DESTDIR)$(LIBDIR)/libgridlock.so
ifneq ($(public_headers),)
	install -d $(DESTDIR)$(PREFIX)/include/gridlock
	install -m 644 $(public_headers) $(DESTDIR)$(PREFIX)/include/gridlock
endif

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/gridlock $(DESTDIR)$(LIBDIR)/libgridlock.so
	rm -rf $(DESTDIR)$(PREFIX)/include/gridlock

clean:
	rm -rf $(BUILD)

format:
	clang-format -i $$(git ls-files '*.c' '*.h' '*.cc')

.PHONY: readme
readme: all
	@tools/readme-report

.PHONY: help
help:
	@sed -n 's/^#: //p' Makefile

#: Build
#:   make                build/gridlock (the command) and build/libgridlock.so (the detector)
#:   make install        to PREFIX (/usr/local), below DESTDIR; LIBDIR moves the library; uninstall
#:   make setup          install what the tests need (build, test and race do it by themselves)
#:   make clean          remove BUILD (build)
#:   CC, CFLAGS, LDFLAGS, CPPFLAGS, LDLIBS, BUILD and CLANG may be given; CFLAGS replaces "-O2 -g";
#:   V=1 shows whole commands
#: Lessons
#:   make list           every pair of broken/ and fixed/ programs, with its first sentence
#:   make race           build them with ThreadSanitizer; one table: what it says, what gridlock says
#:   make race-NAME      both reports of one lesson in full
#:   make diff-NAME      the fix of one lesson, coloured
#:   make run-NAME       the broken program, then the fixed one, under gridlock
#: Tests
#:   make test           everything below; the last line is "N passed, N failed"
#:   make check          sources: direction of includes, names, licence lines, exported symbols
#:   make test-compilers no warning with gcc nor with clang
#:   make test-unit      unit tests, with both compilers and with sanitizers
#:   make test-cli, test-lessons, test-matrix, test-robust
#:   make test-programs  real programs under gridlock; installs them, takes long
#:   make bench          what watching costs, as a ratio to native
#:   make format         lay out the sources by .clang-format
#:   make readme         put the report of today into README.md
