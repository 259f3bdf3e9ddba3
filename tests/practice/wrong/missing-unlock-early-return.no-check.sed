# refused: it has to print "50: not enough money"
/account.balance < amount/d
/return false/d
