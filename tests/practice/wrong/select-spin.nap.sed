# refused: time_sleep(MILLISECOND) is new
s/^        looks++;/&\n        time_sleep(MILLISECOND);/
