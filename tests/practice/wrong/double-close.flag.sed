# refused: ThreadSanitizer reports a data race\|it has to print\|gridlock reports close-of-closed
s/^    chan_close(hall.sold_out);/    static bool closed;\n\n    if (!closed) {\n        closed = true;\n    &\n    }/
