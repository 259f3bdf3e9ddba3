# SPDX-License-Identifier: MIT
"""sparse_core.py - a core of a stopped program that is no larger than what the program has touched

gdb's own generate-core-file writes every byte that could be written to: a hundred threads make two
gigabytes, nearly all of them stacks that were never used. The kernel knows which pages are there
(/proc/PID/pagemap), so here holes stay holes in the file.

The form is that of the kernel's cores (fs/binfmt_elf.c): notes for each thread's registers, for the
process and for its files; then memory.

 - Private memory without a file is one segment each; a page that is not there reads as zeros, in the
   program as in the file.
 - Of memory with a file behind it, or shared, each run of pages that matter is a segment of its own;
   the rest can be read from the file.

Only Linux on x86_64, and a process of this machine: see possible(). Thread names, which no core has, are
in notes of our own.
"""
import array
import os
import struct

import gdb

PAGE = 4096
CHUNK_PAGES = 1 << 18  # looked at in one go
PRESENT = 3 << 62  # bits of pagemap: in memory, or in the swap
OF_FILE = 1 << 61  # the file's own page, or shared

NT_PRSTATUS, NT_PRPSINFO, NT_AUXV, NT_FILE, NT_THREAD_NAME = 1, 3, 6, 0x46494c45, 1

# In the order of struct user_regs_struct.
REGISTERS = ("r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss "
             "fs_base gs_base ds es fs gs").split()


def possible(pid):
    """Can a core of this process be written here? Otherwise gdb's own must do."""
    try:
        machine = gdb.selected_frame().architecture().name()
        threads = gdb.selected_inferior().threads()
        return (machine == "i386:x86-64" and os.access("/proc/%d/pagemap" % pid, os.R_OK)
                and all(os.path.exists("/proc/%d/task/%d" % (pid, t.ptid[1])) for t in threads))
    except gdb.error:
        return False


# ---------------------------------------------------------------- memory

class Mapping:
    """A line of /proc/PID/maps."""

    def __init__(self, line):
        fields = line.rstrip("\n").split(None, 5)
        low, high = fields[0].split("-")
        self.start, self.end = int(low, 16), int(high, 16)
        self.rights = fields[1]
        self.offset = int(fields[2], 16)
        self.inode = int(fields[4])
        self.path = fields[5] if len(fields) > 5 else ""

    def private_memory(self):
        return self.inode == 0 and "p" in self.rights

    def left_out(self):
        return "r" not in self.rights or self.path.startswith(("[vvar", "[vsyscall"))

    def flags(self):
        return sum(bit for letter, bit in (("r", 4), ("w", 2), ("x", 1)) if letter in self.rights)


def pages(pagemap, mapping):
    """(address, entry of the page map) for each page that is there."""
    for start in range(mapping.start, mapping.end, CHUNK_PAGES * PAGE):
        count = min(CHUNK_PAGES, (mapping.end - start) // PAGE)
        found = os.pread(pagemap, count * 8, start // PAGE * 8)
        if found.count(0) == len(found):
            continue
        for i, entry in enumerate(array.array("Q", found)):
            if entry & PRESENT:
                yield start + i * PAGE, entry


def runs(addresses):
    """Addresses of pages, in order, as (start, end) of those that lie side by side."""
    start = end = None
    for address in addresses:
        if address != end:
            if start is not None:
                yield start, end
            start = address
        end = address + PAGE
    if start is not None:
        yield start, end


def touched(pagemap, mapping):
    """The runs of a mapping that a reader cannot get elsewhere."""
    if mapping.path == "[vdso]":
        return [(mapping.start, mapping.end)]
    from_file = mapping.inode and not mapping.path.endswith(" (deleted)") and "p" in mapping.rights
    kept = [a for a, entry in pages(pagemap, mapping) if not (from_file and entry & OF_FILE)]
    if mapping.inode and mapping.offset == 0 and mapping.start not in kept[:1]:
        kept.insert(0, mapping.start)  # which file it is stands in its first page
    return list(runs(kept))


def segments(pagemap, mappings):
    """(start, end, flags, runs) of what goes into the core."""
    for m in mappings:
        if m.left_out():
            continue
        found = touched(pagemap, m)
        if m.private_memory():
            yield m.start, m.end, m.flags(), found
        else:
            for start, end in found:
                yield start, end, m.flags(), [(start, end)]


# ---------------------------------------------------------------- notes

def note(kind, text, owner=b"CORE\0"):
    def padded(data):
        return data + bytes(-len(data) % 4)
    return struct.pack("<III", len(owner), len(text), kind) + padded(owner) + padded(text)


def registers():
    frame = gdb.newest_frame()
    values = (int(frame.read_register(name)) & (1 << 64) - 1 for name in REGISTERS)
    return struct.pack("<27Q", *values)


def thread_notes(thread):
    """struct elf_prstatus, of which only the number and the registers are filled; and the name."""
    thread.switch()
    tid = struct.pack("<i", thread.ptid[1])
    yield note(NT_PRSTATUS, bytes(32) + tid + bytes(76) + registers() + bytes(8))
    if thread.name:
        yield note(NT_THREAD_NAME, tid + thread.name.encode() + b"\0", b"Gridlock\0")


def process_note(pid):
    """struct elf_prpsinfo: its number and its name."""
    with open("/proc/%d/comm" % pid, "rb") as comm:
        name = comm.read().rstrip(b"\n")
    return note(NT_PRPSINFO, bytes(24) + struct.pack("<i", pid) + bytes(12) + name[:15].ljust(16, b"\0")
                + bytes(80))


def file_note(mappings):
    files = [m for m in mappings if m.inode]
    text = struct.pack("<QQ", len(files), PAGE)
    for m in files:
        text += struct.pack("<QQQ", m.start, m.end, m.offset // PAGE)
    return note(NT_FILE, text + b"".join(os.fsencode(m.path) + b"\0" for m in files))


def all_notes(pid, mappings):
    with open("/proc/%d/auxv" % pid, "rb") as auxv:
        auxiliary = auxv.read()
    current = gdb.selected_thread()
    found = [process_note(pid), note(NT_AUXV, auxiliary), file_note(mappings)]
    try:
        for thread in sorted(gdb.selected_inferior().threads(), key=lambda t: t.ptid[1] != pid):
            found += thread_notes(thread)
    finally:
        current.switch()
    return b"".join(found)


# ---------------------------------------------------------------- the file

HEADER, PROGRAM_HEADER = 64, 56


def copy_runs(memory, core, start, offset, found):
    for low, high in found:
        for at in range(low, high, CHUNK_PAGES * PAGE):
            size = min(high - at, CHUNK_PAGES * PAGE)
            try:
                os.pwrite(core, os.pread(memory, size, at), offset + at - start)
            except OSError:  # a device, or gone: it stays a hole
                pass


def write_file(core, memory, notes, found):
    if len(found) >= 0xfffe:
        raise OSError("too many parts of memory for the head of a core")
    at = HEADER + PROGRAM_HEADER * (len(found) + 1)
    heads = struct.pack("<IIQQQQQQ", 4, 0, at, 0, 0, len(notes), 0, 4)
    os.pwrite(core, notes, at)
    at += len(notes)
    for start, end, flags, kept in found:
        at += -at % PAGE
        size = end - start if kept else 0
        heads += struct.pack("<IIQQQQQQ", 1, flags, at, start, 0, size, end - start, PAGE)
        copy_runs(memory, core, start, at, kept)
        at += size
    os.ftruncate(core, at)
    identity = b"\x7fELF" + bytes((2, 1, 1)) + bytes(9)
    os.pwrite(core, identity + struct.pack("<HHIQQQIHHHHHH", 4, 62, 1, 0, HEADER, 0, 0, HEADER,
                                           PROGRAM_HEADER, len(found) + 1, 0, 0, 0) + heads, 0)


def write(path, pid):
    """Writes a core of the stopped process to a file that is not there yet. OSError, gdb.error."""
    opened = []

    def opened_file(name, flags, mode=0):
        opened.append(os.open(name, flags | os.O_CLOEXEC, mode))
        return opened[-1]

    try:
        memory = opened_file("/proc/%d/mem" % pid, os.O_RDONLY)
        pagemap = opened_file("/proc/%d/pagemap" % pid, os.O_RDONLY)
        core = opened_file(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open("/proc/%d/maps" % pid, encoding="utf-8", errors="surrogateescape") as lines:
            mappings = [Mapping(line) for line in lines]
        write_file(core, memory, all_notes(pid, mappings), list(segments(pagemap, mappings)))
    finally:
        for fd in opened:
            os.close(fd)
