"""Who should meet whom, over the whole pool at once: exactly, with reasons, prices and a certificate.

Start at `problem` (what is asked), then `solve` (the answer) and `certificate` (why it cannot be bettered).
The package takes plain data, gives plain data, and imports no other package of this project.
"""
