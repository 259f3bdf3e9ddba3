# refused: ThreadSanitizer reports a data race
/pthread_mutex_\(un\)\{0,1\}lock(/d
