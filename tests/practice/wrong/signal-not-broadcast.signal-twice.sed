# refused: gridlock reports deadlock
s/^    pthread_cond_signal(&gate.call);/&\n&/
