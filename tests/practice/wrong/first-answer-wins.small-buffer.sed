# refused: gridlock reports leaked-thread
s/chan_make(size_chan, 0)/chan_make(size_chan, 1)/
