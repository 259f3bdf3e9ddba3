# refused: it leaves by a back door
s/^    puts("good night");/&\n    fflush(stdout);\n    _exit(0);/
s/#include <stdlib.h>/&\n#include <unistd.h>/
