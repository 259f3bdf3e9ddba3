# refused: it has to print "400000 were counted"
s/GUESTS = 200000/GUESTS = 1/
