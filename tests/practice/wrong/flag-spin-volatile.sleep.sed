# refused: usleep(1000) is new
s/sched_yield()/usleep(1000)/
s/#include <sched.h>/#include <unistd.h>/
