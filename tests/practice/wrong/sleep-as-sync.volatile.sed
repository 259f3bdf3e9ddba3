# refused: ThreadSanitizer reports a data race
s/^    int sum/    volatile int sum/
