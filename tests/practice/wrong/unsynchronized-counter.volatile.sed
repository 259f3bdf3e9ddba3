# refused: it has to print \|ThreadSanitizer reports a data race
s/^static int visitors/static volatile int visitors/
