# refused: gridlock reports leaked-thread
s/10 \* MILLISECOND/50 * MILLISECOND/
