# SPDX-License-Identifier: MIT
#
# Gridlock - one Makefile for the detector, its tests and the lessons
#
#   make            build/gridlock, build/libgridlock.so and the archives
#   make help       every target
#
# CC, CFLAGS, LDFLAGS, PREFIX, DESTDIR and BUILD are yours. CFLAGS replaces only the default
# "-O2 -g"; what the code cannot do without is in BASE_CFLAGS and stays.
# Sources are found by wildcard: adding a file needs no edit here.

BUILD   ?= build
PREFIX  ?= /usr/local
LIBDIR  ?= $(PREFIX)/lib
MANDIR  ?= $(PREFIX)/share/man
ZSHDIR  ?= $(PREFIX)/share/zsh/site-functions
CFLAGS  ?= -O2 -g
CLANG   ?= clang
OBJCOPY ?= objcopy
VERSION := 0.1.0
SONAME  := libgridlock.so.0
JOBS    ?= 2
export CLANG

comma := ,

# One short line a file; V=1 shows the whole commands.
quiet = $(if $(V),,@printf '  %-4s %s\n' $(1) '$(2)';)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# ---------------------------------------------------------------- sources and objects

core_sources    := $(wildcard detector/core/*.c) $(wildcard detector/report/*.c)
runtime_sources := $(wildcard runtime/*.c)
alone_sources   := $(runtime_sources) $(wildcard runtime/alone/*.c)
library_sources := $(core_sources) $(wildcard detector/interpose/*.c) $(runtime_sources)
embed_sources   := $(wildcard detector/embed/*.c)
cli_sources     := $(wildcard detector/cli/*.c) $(wildcard detector/cli/*/*.c) $(wildcard detector/cli/*/*/*.c)
public_headers  := $(wildcard include/gridlock/*.h)
unit_sources    := $(wildcard tests/unit/test_*.c)
unit_helpers    := $(filter-out $(unit_sources),$(wildcard tests/unit/*.c))

objects          = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
core_objects    := $(call objects,$(core_sources))
runtime_objects := $(call objects,$(runtime_sources))
library_objects := $(call objects,$(library_sources))
embed_objects   := $(call objects,$(embed_sources))
cli_objects     := $(call objects,$(cli_sources))
attach_objects  := $(call objects,$(wildcard $(addprefix detector/cli/,base/*.c finding/*.c attach/*.c)))
unit_objects    := $(call objects,$(unit_sources) $(unit_helpers))
unit_programs   := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(unit_sources))

# The runtime without the detector, as it is and for ThreadSanitizer: objects of their own.
alone_objects   := $(alone_sources:%.c=$(BUILD)/alone/%.o)
tsan_objects    := $(alone_sources:%.c=$(BUILD)/alone-tsan/%.o)

command := $(BUILD)/gridlock
library := $(BUILD)/libgridlock.so
archive := $(BUILD)/libcore.a
# For unit tests: what the command knows of a process that was started without it.
attach_archive := $(BUILD)/libattach.a
# For programs: everything in one, the runtime alone, and that for -fsanitize=thread.
whole_archive   := $(BUILD)/libgridlock.a
runtime_archive := $(BUILD)/libgridlock_runtime.a
tsan_archive    := $(BUILD)/libgridlock_tsan.a
archives        := $(whole_archive) $(runtime_archive) \
                   $(if $(shell command -v $(CLANG)),$(tsan_archive))

# ---------------------------------------------------------------- flags

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
BASE_CFLAGS := -std=gnu11 $(WARNINGS) -I. -Iinclude -D_GNU_SOURCE -DGRIDLOCK_VERSION='"$(VERSION)"' -pthread $(WERROR) $(SANITIZE)

# Inside somebody else's program: hidden names; thread-local data without a call (which could
# allocate); no stack protector, since a canary is not yet set up where we may be called first;
# unwind tables, since cancellation and C++ exceptions pass through our frames. The unwinder is
# linked in: a program may bring another one (libunwind) that takes locks of its own.
LIBRARY_CFLAGS := -fPIC -fvisibility=hidden -fno-exceptions -fasynchronous-unwind-tables -ftls-model=initial-exec -fno-stack-protector
# These stand behind CFLAGS: a distribution's own ask for the opposite.

# The runtime's public functions alone are visible (runtime/public.h). Without the detector its events
# are nothing. The archive for ThreadSanitizer is its own: SANITIZE and CFLAGS are not asked.
RUNTIME_CFLAGS := -fvisibility=hidden -include runtime/public.h
ALONE_CFLAGS   := -fPIC $(RUNTIME_CFLAGS) -DGRIDLOCK_WITHOUT_DETECTOR
TSAN_CFLAGS    := $(filter-out $(SANITIZE),$(BASE_CFLAGS)) $(ALONE_CFLAGS) -fsanitize=thread -O1 -g -fno-omit-frame-pointer

CLI_CFLAGS      = -DGRIDLOCK_LIBDIR='"$(LIBDIR)"' -DGRIDLOCK_PREFIX='"$(PREFIX)"' $(cli_packages)

$(library_objects) $(embed_objects): EXTRA_CFLAGS = $(LIBRARY_CFLAGS)
$(runtime_objects): EXTRA_CFLAGS = $(LIBRARY_CFLAGS) $(RUNTIME_CFLAGS)
$(BUILD)/obj/detector/report/helper.o: EXTRA_CFLAGS = $(LIBRARY_CFLAGS) -DGRIDLOCK_BINDIR='"$(PREFIX)/bin"'
$(cli_objects):     EXTRA_CFLAGS = $(CLI_CFLAGS)
$(unit_objects):    EXTRA_CFLAGS = $(shell pkg-config --cflags cmocka 2>/dev/null)

# Expanded late, when a recipe runs: by then the set-up has installed what was missing.
cli_packages = $(shell pkg-config --cflags libdw libelf jansson 2>/dev/null)
cli_libs     = $(shell pkg-config --libs libdw libelf jansson 2>/dev/null || echo -ldw -lelf -ljansson)
unit_libs    = $(shell pkg-config --libs cmocka 2>/dev/null || echo -lcmocka)

# ---------------------------------------------------------------- the build

.PHONY: all
all: $(command) $(library) $(archives)

# (The conditions: a tree in which a part has no source yet still builds the other.)
$(command): $(cli_objects) $(BUILD)/links
ifneq ($(cli_objects),)
	$(call quiet,LINK,$@)$(CC) $(SANITIZE) $(LDFLAGS) -pthread -o $@.new $(cli_objects) $(cli_libs) $(LDLIBS) && mv -f $@.new $@
endif

# Moved into place when it is whole: programs that run meanwhile keep the old one.
$(library): $(library_objects) $(BUILD)/links
ifneq ($(library_objects),)
	$(call quiet,LINK,$@)$(CC) -shared -static-libgcc -Wl,-soname,$(SONAME) -Wl,--exclude-libs,ALL -Wl,-z,now \
	    -Wl,--no-undefined $(SANITIZE) $(LDFLAGS) -o $@.new $(library_objects) -lpthread $(LDLIBS) && mv -f $@.new $@
	@ln -sf libgridlock.so $(BUILD)/$(SONAME)
endif

$(archive): $(core_objects) $(BUILD)/links
	@rm -f $@
	$(call quiet,AR,$@)$(AR) rcs $@ $(core_objects)

$(attach_archive): $(attach_objects) $(BUILD)/links
	@rm -f $@
	$(call quiet,AR,$@)$(AR) rcs $@ $(attach_objects)

# In an archive hidden names would still meet those of the program; in one object they can be made
# local.
define pack
	@mkdir -p $(@D) && rm -f $@
	@$(LD) -r -o $(@:.a=.o) $(filter %.o,$^) && $(OBJCOPY) --localize-hidden $(@:.a=.o)
	$(call quiet,AR,$@)$(AR) rcs $@ $(@:.a=.o) && rm $(@:.a=.o)
endef

$(whole_archive): $(library_objects) $(embed_objects) $(BUILD)/links
	$(pack)
$(runtime_archive): $(alone_objects) $(BUILD)/links
	$(pack)
$(tsan_archive): $(tsan_objects) $(BUILD)/links
	$(pack)

$(BUILD)/alone/%.o: %.c $(BUILD)/flags.alone | setup-build
	@mkdir -p $(@D)
	$(call quiet,CC,$< (alone))$(CC) $(BASE_CFLAGS) $(ALONE_CFLAGS) -MMD -MP $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/alone-tsan/%.o: %.c $(BUILD)/flags.tsan | setup-build
	@mkdir -p $(@D)
	$(call quiet,CC,$< (tsan))$(CLANG) $(TSAN_CFLAGS) -MMD -MP -c -o $@ $<

# An object depends on the flags too: another CC or CFLAGS rebuilds it. The set-up check is
# order-only: it runs, but its running makes nothing older.
$(BUILD)/obj/%.o: %.c $(BUILD)/flags | setup-build
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(CC) $(BASE_CFLAGS) -MMD -MP $(CPPFLAGS) $(CFLAGS) $(EXTRA_CFLAGS) -c -o $@ $<

# What a target was made with; another value makes it anew.
define remember
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(1))' > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
endef

$(BUILD)/flags: always
	$(call remember,$(CC) $(BASE_CFLAGS) $(LIBRARY_CFLAGS) $(RUNTIME_CFLAGS) $(CPPFLAGS) $(CFLAGS))
$(BUILD)/flags.alone: always
	$(call remember,$(CC) $(BASE_CFLAGS) $(ALONE_CFLAGS) $(CPPFLAGS) $(CFLAGS))
$(BUILD)/flags.tsan: always
	$(call remember,$(CLANG) $(TSAN_CFLAGS))

# A source file that came or went, or other LDFLAGS, link again.
$(BUILD)/links: always
	$(call remember,$(CC) $(LD) $(LDFLAGS) $(LDLIBS) $(library_objects) $(embed_objects) $(alone_objects) $(cli_objects))

# Three files of the command know where things are installed, and one of the library's where the
# command is.
$(BUILD)/obj/detector/cli/base/library.o $(BUILD)/obj/detector/cli/lesson/lesson.o $(BUILD)/obj/detector/cli/doctor/doctor_attach.o $(BUILD)/obj/detector/report/helper.o: $(BUILD)/places
$(BUILD)/places: always
	$(call remember,$(PREFIX) $(LIBDIR))

# The page's style and script are parts of its object (html_assets.c).
$(BUILD)/obj/detector/cli/render/html/html_assets.o: $(wildcard detector/cli/render/html/*.css detector/cli/render/html/*.js)

.PHONY: always
always:

-include $(patsubst %.o,%.d,$(library_objects) $(embed_objects) $(alone_objects) $(tsan_objects) $(cli_objects) $(unit_objects))

# What is missing is installed, or the command that installs it is printed and we stop here.
.PHONY: setup setup-build setup-test setup-race setup-peers setup-man setup-completions setup-recipes setup-formats setup-html setup-web setup-deb setup-gdb setup-attach
setup: setup-test
setup-build setup-test setup-race setup-peers setup-man setup-completions setup-recipes setup-formats setup-html setup-web setup-deb setup-gdb setup-attach:
	@CC="$(CC)" tools/setup $(@:setup-%=%)

# ---------------------------------------------------------------- tests

SUITES := check compilers unit semantics compile-fail load cli lessons practice course matrix robust processes install manual completions doctor formats html recipes package gdb attach

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

program_suites := $(filter-out check compilers unit,$(SUITES)) programs

.PHONY: $(program_suites:%=test-%)
$(program_suites:%=test-%): setup-test all $(tsan_archive)
	@mkdir -p build/tests
	@$(@:test-%=tests/%)/run

test-package: $(if $(shell command -v dpkg),setup-deb)
test-gdb test-doctor: setup-gdb
test-attach: setup-attach
test-completions: setup-completions
test-recipes: setup-recipes
test-formats: setup-formats
test-html: setup-html

# The pages in a real browser: not part of `make test`.
.PHONY: test-web
test-web: setup-web all
	@mkdir -p build/tests
	@tests/web/run

.PHONY: bench bench-channels bench-peers
bench: setup-build all
	@bench/run

bench-channels: setup-build all
	@bench/channels/run

bench-peers: setup-peers bench-channels

# The unit-test programs of one tree: make unit-tests BUILD=build/asan SANITIZE=-fsanitize=address
.PHONY: unit-tests
unit-tests: $(unit_programs)

.SECONDARY: $(unit_objects)
$(BUILD)/tests/test_attach%: $(BUILD)/obj/tests/unit/test_attach%.o $(BUILD)/obj/tests/unit/fake_image.o $(attach_archive)
	@mkdir -p $(@D)
	$(call quiet,LINK,$@)$(CC) $(SANITIZE) $(LDFLAGS) -pthread -o $@ $(filter %.o,$^) $(attach_archive) $(cli_libs) $(unit_libs) $(LDLIBS)

$(BUILD)/tests/test_%: $(BUILD)/obj/tests/unit/test_%.o $(call objects,$(unit_helpers)) $(archive)
	@mkdir -p $(@D)
	$(call quiet,LINK,$@)$(CC) $(SANITIZE) $(LDFLAGS) -pthread -o $@ $(filter %.o,$^) $(archive) $(unit_libs) $(LDLIBS)

# ---------------------------------------------------------------- lessons

.PHONY: list race diff practice
list:
	@tools/lesson list

race: setup-race all
	@JUNIT='$(JUNIT)' tools/race

race-%: setup-race all
	@tools/race $*

run-%: all
	@tools/lesson run $*

diff:
	@tools/lesson diff

practice: all
	@$(command) practice

diff-%:
	@tools/lesson diff $*

# ---------------------------------------------------------------- the manual

# A name in a page's NAME that is no page, such as chan_send, is a link to the page; its section keeps
# it apart from other packages' names.
man_sources  := $(wildcard man/*.scd)
man_pages    := $(man_sources:man/%.scd=$(BUILD)/man/%)
man_aliases   = $(shell tools/man-page --aliases man/*.3.scd | sed 's/ .*/.3gridlock/')
has_scdoc     = $(shell command -v scdoc)

.PHONY: man man-pages
man: setup-man
	@$(MAKE) man-pages

man-pages: $(man_pages)
	@tools/man-page --aliases man/*.3.scd | while read -r alias page; do \
	    echo ".so man3/$$page" >$(BUILD)/man/$$alias.3gridlock || exit 1; done

$(BUILD)/man/%: man/%.scd $(wildcard man/*.inc) docs/findings-format.md tools/man-page $(command)
	@mkdir -p $(@D)
	$(call quiet,MAN,$@)tools/man-page $< $(command) $(VERSION) > $@

# ---------------------------------------------------------------- install, clean, help

.PHONY: install install-man uninstall clean format

# Where things go. The library's file has the version in its name; programs ask for $(SONAME).
to_bin      = $(DESTDIR)$(PREFIX)/bin
to_lib      = $(DESTDIR)$(LIBDIR)
to_include  = $(DESTDIR)$(PREFIX)/include
to_lessons  = $(DESTDIR)$(PREFIX)/share/gridlock/lessons
lesson_files := $(wildcard broken/*/*.c) $(wildcard fixed/*/*.c)
to_gdb      = $(DESTDIR)$(PREFIX)/share/gridlock
# gdb loads this by itself for a program with the library in it, if PREFIX is gdb's own.
to_autoload = $(DESTDIR)$(PREFIX)/share/gdb/auto-load$(LIBDIR)
autoload    = $(library_file)-gdb.py
to_pc       = $(to_lib)/pkgconfig
to_man      = $(DESTDIR)$(MANDIR)
to_share    = $(DESTDIR)$(PREFIX)/share
to_bash     = $(to_share)/bash-completion/completions
to_zsh      = $(DESTDIR)$(ZSHDIR)
to_fish     = $(to_share)/fish/vendor_completions.d
library_file = libgridlock.so.$(VERSION)
pc_names    = gridlock gridlock-runtime gridlock-tsan

# pc NAME, DESCRIPTION, CFLAGS, LIBS: a file for pkg-config, movable if the libraries are below PREFIX
pc = sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(patsubst $(PREFIX)/%,$${prefix}/%,$(LIBDIR))|' \
         -e 's|@NAME@|$(1)|' -e 's|@VERSION@|$(VERSION)|' -e 's|@DESCRIPTION@|$(2)|' \
         -e 's|@CFLAGS@|$(3)|' -e 's|@LIBS@|$(4)|' packaging/gridlock.pc.in > $(to_pc)/$(1).pc

install: all install-man
	install -d $(to_bin) $(to_pc) $(to_include)/gridlock
	install -m 755 $(command) $(to_bin)/gridlock
	install -m 755 $(library) $(to_lib)/$(library_file)
	ln -sf $(library_file) $(to_lib)/$(SONAME)
	ln -sf $(SONAME) $(to_lib)/libgridlock.so
	install -m 644 $(archives) $(to_lib)
	install -m 644 include/gridlock.h $(to_include)
	install -m 644 $(public_headers) $(to_include)/gridlock
	install -d $(sort $(dir $(lesson_files:%=$(to_lessons)/%)))
	@for file in $(lesson_files); do install -m 644 $$file $(to_lessons)/$$file || exit 1; done
	install -m 644 docs/course/order $(to_lessons)/order
	install -d $(to_gdb) $(to_autoload)
	install -m 644 $(wildcard detector/gdb/*.py) $(to_gdb)
	ln -sf $(PREFIX)/share/gridlock/gridlock-gdb.py $(to_autoload)/$(autoload)
	install -d $(to_bash) $(to_zsh) $(to_fish)
	install -m 644 completions/gridlock.bash $(to_bash)/gridlock
	install -m 644 completions/_gridlock $(to_zsh)
	install -m 644 completions/gridlock.fish $(to_fish)
	@$(call pc,gridlock,goroutines$(comma) channels$(comma) select and contexts with a detector of deadlocks,-pthread,-lgridlock -pthread)
	@$(call pc,gridlock-runtime,the runtime of gridlock without its detector: for static programs and any sanitizer,-pthread,-lgridlock_runtime -pthread)
	@$(call pc,gridlock-tsan,the runtime of gridlock without its detector: for ThreadSanitizer,-pthread -fsanitize=thread,-lgridlock_tsan -pthread -fsanitize=thread)

# Without scdoc everything else is installed.
install-man: all
ifneq ($(has_scdoc),)
	@$(MAKE) man-pages
	install -d $(to_man)/man1 $(to_man)/man3 $(to_man)/man5
	for n in 1 3 5; do install -m 644 $(BUILD)/man/*.$$n $(to_man)/man$$n || exit 1; done
	install -m 644 $(BUILD)/man/*.3gridlock $(to_man)/man3
else
	@echo 'no manual pages: scdoc is missing (make man installs it)'
endif

uninstall:
	rm -f $(foreach n,1 3 5,$(patsubst man/%.scd,$(to_man)/man$n/%,$(filter %.$n.scd,$(man_sources))))
	rm -f $(to_autoload)/$(autoload)
	rm -f $(to_bash)/gridlock $(to_zsh)/_gridlock $(to_fish)/gridlock.fish
	rm -f $(man_aliases:%=$(to_man)/man3/%)
	rm -f $(to_bin)/gridlock $(to_lib)/$(library_file) $(to_lib)/$(SONAME) $(to_lib)/libgridlock.so
	rm -f $(to_lib)/libgridlock.a $(to_lib)/libgridlock_runtime.a $(to_lib)/libgridlock_tsan.a
	rm -f $(pc_names:%=$(to_pc)/%.pc) $(to_include)/gridlock.h
	rm -rf $(to_include)/gridlock $(DESTDIR)$(PREFIX)/share/gridlock

# Packages for this system. Each leaves its files in BUILD.
.PHONY: dist deb
dist:
	@mkdir -p $(BUILD)
	git archive --prefix=gridlock-$(VERSION)/ HEAD | gzip -9n > $(BUILD)/gridlock-$(VERSION).tar.gz

deb: setup-deb
	@tools/deb $(BUILD) $(VERSION) $(JOBS)

clean:
	rm -rf $(BUILD)

format:
	clang-format -i $$(git ls-files '*.c' '*.h' '*.cc')

.PHONY: course
course: all
	@tools/course

.PHONY: readme
readme: all
	@tools/readme-report

.PHONY: help
help:
	@sed -n 's/^#: //p' Makefile

#: Build
#:   make                build/gridlock (the command), build/libgridlock.so (the detector and the
#:                       runtime), and the archives: libgridlock.a (the same), libgridlock_runtime.a
#:                       (no detector), libgridlock_tsan.a (that for ThreadSanitizer)
#:   make man            the manual pages, to BUILD/man; install puts them to MANDIR
#:   make install        to PREFIX (/usr/local), below DESTDIR; LIBDIR moves the libraries; uninstall
#:   make deb            Debian packages in BUILD; make dist: the last commit as a .tar.gz
#:   make setup          install what the tests need (build, test and race do it by themselves)
#:   make clean          remove BUILD (build)
#:   CC, CFLAGS, LDFLAGS, CPPFLAGS, LDLIBS, BUILD and CLANG may be given; CFLAGS replaces "-O2 -g";
#:   V=1 shows whole commands
#: Lessons
#:   make list           every pair of broken/ and fixed/ programs, with its first sentence
#:   make race           build them with ThreadSanitizer; one table: what it says, what gridlock says;
#:                       JUNIT=FILE writes it as test cases too
#:   make race-NAME      both reports of one lesson in full
#:   make diff-NAME      the fix of one lesson, coloured; make diff: all of them
#:   make run-NAME       the broken program, then the fixed one, under gridlock
#:   make practice       a broken lesson to mend, in practice/; build/gridlock check judges the fix
#:   make course         put the reports of today into docs/course
#: Tests
#:   make test           everything below; the last line is "N passed, N failed"
#:   make check          sources: direction of includes, names, licence lines, exported symbols
#:   make test-compilers no warning with gcc nor with clang
#:   make test-unit      unit tests, with both compilers and with sanitizers
#:   make test-semantics, test-compile-fail, test-load
#:                       the runtime: is it Go's? what must not compile? and a million values
#:   make test-cli, test-lessons, test-matrix, test-robust, test-install, test-doctor,
#:   make test-package, test-gdb
#:   make test-attach    processes that hang already, and cores: explained, and not disturbed?
#:   make test-practice, test-course
#:                       are right fixes accepted, and wrong ones refused? do the pages tell the truth?
#:   make test-formats   are SARIF, dot, JUnit and the others read by their readers?
#:   make test-manual    do the manual pages tell the truth, and do their examples run?
#:   make test-completions
#:                       what bash, zsh and fish offer: is it what the command knows?
#:   make test-recipes   docs/recipes.md: does every file and command of it work?
#:   make test-html      the page of --format=html: sound, complete, safe against any text
#:   make test-web       the same in Chromium, which it installs: stepping, keys, contrast, print
#:   make test-programs  real programs under gridlock; installs them, takes long
#:   make bench          what watching costs, as a ratio to native
#:   make bench-channels what a value costs on its way through a channel
#:   make bench-peers    the same beside Go and Rust, which it installs
#:   make format         lay out the sources by .clang-format
#:   make readme         put the report of today into README.md
