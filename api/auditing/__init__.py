"""What auditors ask of people's consents, one module a question; answered from events alone."""
