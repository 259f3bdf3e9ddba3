# refused: it has to print "never more than 5 at a time"
s/chan_send(slots, {});//
/return;/d
/photo->error != NULL/d
/chan_recv(slots, NULL)/d
