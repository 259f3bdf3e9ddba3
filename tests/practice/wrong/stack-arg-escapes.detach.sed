# refused: it has to print "3 parcels, 7 kg"\|reports
s/pthread_join(postmen\[i\], NULL)/pthread_detach(postmen[i])/
