# refused: it has to print "1 tickets sold for 1 seat"
s/^static bool sold/static _Atomic bool sold/
