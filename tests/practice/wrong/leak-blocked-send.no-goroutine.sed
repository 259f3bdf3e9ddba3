# refused: gridlock reports
s/go(find_answer, question)/find_answer(question)/
