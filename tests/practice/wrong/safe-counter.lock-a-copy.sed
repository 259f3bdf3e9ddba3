# refused: it has to print \|ThreadSanitizer reports a data race
s/^    counter->value++;/    pthread_mutex_t lock = counter->lock;\n\n    pthread_mutex_lock(\&lock);\n&\n    pthread_mutex_unlock(\&lock);/
