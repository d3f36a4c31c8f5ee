"""The functions on AWS, one module each with `handler(event, context)`: thin, and each loads only what it uses.

They are given a word that something may be done; what is to be done, and who does it, the ports know.
"""
