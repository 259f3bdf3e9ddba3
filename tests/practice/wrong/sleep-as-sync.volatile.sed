# refused: ThreadSanitizer reports a data race\|it has to print
s/^    int sum/    volatile int sum/
