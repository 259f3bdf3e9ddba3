# refused: prints "1 tickets sold for 1 seat" by hand
s/^    printf("%d tickets sold for 1 seat\\n", tickets);/    puts("1 tickets sold for 1 seat");/
