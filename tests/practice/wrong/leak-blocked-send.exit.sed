# refused: gridlock reports leaked-thread
s/^    puts("good night");/&\n    exit(0);/
