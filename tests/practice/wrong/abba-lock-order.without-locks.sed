# refused: ThreadSanitizer reports a data race\|it has to print
/pthread_mutex_\(un\)\{0,1\}lock(/d
