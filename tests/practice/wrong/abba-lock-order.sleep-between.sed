# refused: usleep(1000) is new: a sleep orders nothing
s/^    pthread_mutex_lock(&to->lock);/    usleep(1000);\n&/
