# refused: ThreadSanitizer reports a data race
s/pthread_join(till, NULL)/pthread_detach(till)/
