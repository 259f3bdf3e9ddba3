# refused: 0 threads are started, in the solution 2
/pthread_t tellers/d
s/pthread_create(.*/teller(\&orders[i]);/
s/pthread_join(.*/continue;/
