# refused: ThreadSanitizer reports a data race\|it has to print
s/lock(&counter_lock)/lock(\&sales_lock)/
s/^\(static pthread_mutex_t \)counter_lock/\1sales_lock/
s/^static int stock/static volatile int stock/
