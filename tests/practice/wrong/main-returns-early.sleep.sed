# refused: time_sleep(200\*MILLISECOND) is new
s/^    print_sales/    time_sleep(200 * MILLISECOND);\n&/
