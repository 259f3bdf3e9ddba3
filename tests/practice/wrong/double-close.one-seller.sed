# refused: 1 thread is started, in the solution 2
s/SELLERS = 2/SELLERS = 1/
