# refused: 0 threads are started, in the solution 3
s/waitgroup_go(&bakery.baking, bake, NULL)/bake(NULL)/
