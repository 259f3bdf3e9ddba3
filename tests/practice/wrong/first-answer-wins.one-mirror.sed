# refused: threads are started, in the solution
s/MIRRORS = 3/MIRRORS = 1/
