"""What would people gain by saying something else than what is true?"""
