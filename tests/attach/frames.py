# SPDX-License-Identifier: MIT
#
# frames.py - in gdb: the frames of all threads, a line each: `thread address`
#
# Without those that gdb knows from debug information alone: inlined functions, and functions that
# ended by jumping to another.
import gdb

gdb.execute("set backtrace past-main on")
gdb.execute("set backtrace past-entry on")
for thread in gdb.selected_inferior().threads():
    thread.switch()
    frame = gdb.newest_frame()
    while frame is not None:
        if frame.type() not in (gdb.INLINE_FRAME, gdb.TAILCALL_FRAME):
            print("FRAME %d %x" % (thread.ptid[1], frame.pc()))
        frame = frame.older()
