# refused: usleep(200\*1000) is new
s/usleep(20 /usleep(200 /
