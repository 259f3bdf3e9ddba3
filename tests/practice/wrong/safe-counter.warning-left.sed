# refused: does not compile without warnings
s/^    counter->value++;/    int unused;\n\n&/
