"""What if a programme asks for more than pairs and places: spans, couples, people kept apart, caseloads, floors?"""
