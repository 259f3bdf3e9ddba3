# refused: gridlock reports lock-order-cycle
s/10, 60}/10, 200}/
