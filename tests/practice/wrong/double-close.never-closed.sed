# refused: gridlock reports deadlock
s/chan_close(hall.sold_out)/(void)0/
