# refused: usleep(1000) is new
s/^    bool seen_free = .*/    usleep(1000);\n&/
s/#include <stdio.h>/&\n#include <unistd.h>/
