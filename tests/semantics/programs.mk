# SPDX-License-Identifier: MIT
#
# programs.mk - the tests of the semantics, once for each flavour
#
# Run from the top of the tree: make -f tests/semantics/programs.mk
#
#   gcc-O0 gcc-O2 clang-O2   as a program is: with libgridlock.so, and the detector in it
#   tsan                     the runtime alone, under ThreadSanitizer
#   asan                     the runtime alone, with the sanitizers for addresses and undefined behaviour

here  := tests/semantics
bin   := build/tests/semantics
CLANG ?= clang

flavours := gcc-O0 gcc-O2 clang-O2 tsan asan
sources  := $(notdir $(wildcard $(here)/*.c))
flags    := -std=gnu11 -D_GNU_SOURCE -g -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
            -Werror -Iinclude -MMD -MP -pthread
shared   := -Lbuild -Wl,-rpath,$(CURDIR)/build -lgridlock -pthread

compile.gcc-O0   := gcc -O0 -DDETECTOR=1
compile.gcc-O2   := gcc -O2 -DDETECTOR=1
compile.clang-O2 := $(CLANG) -O2 -DDETECTOR=1
compile.tsan     := $(CLANG) -O1 -fno-omit-frame-pointer -fsanitize=thread
compile.asan     := $(CLANG) -O1 -fno-omit-frame-pointer -fsanitize=address,undefined

library.gcc-O0   := $(shared)
library.gcc-O2   := $(shared)
library.clang-O2 := $(shared)
library.tsan     := build/libgridlock_tsan.a
library.asan     := build/asan/libgridlock_runtime.a

all: $(flavours:%=$(bin)/%/semantics)

define flavour
$(bin)/$(1)/%.o: $(here)/%.c
	@mkdir -p $$(@D)
	$(compile.$(1)) $(flags) -c -o $$@ $$<

$(bin)/$(1)/semantics: $(sources:%.c=$(bin)/$(1)/%.o) $(filter %.a,$(library.$(1)))
	$(compile.$(1)) -pthread -o $$@ $(sources:%.c=$(bin)/$(1)/%.o) $(library.$(1))
endef
$(foreach f,$(flavours),$(eval $(call flavour,$(f))))

-include $(wildcard $(bin)/*/*.d)
