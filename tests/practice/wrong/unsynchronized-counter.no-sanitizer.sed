# refused: `no_sanitize` switches off who looks
s/^static void \*gate/__attribute__((no_sanitize("thread"))) static void *gate/
