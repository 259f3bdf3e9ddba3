# refused: ThreadSanitizer reports a data race\|it has to print
s/^    unsigned seed = .*/&\n    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;/
s/^        visitors++;/        pthread_mutex_lock(\&lock);\n&\n        pthread_mutex_unlock(\&lock);/
