# refused: ThreadSanitizer reports a data race
s/^    chan_close(hall.sold_out);/    static bool closed;\n\n    if (!closed) {\n        closed = true;\n    &\n    }/
