"""The languages in which web pages say what they sell (JSON-LD, microdata, RDFa, meta tags, plain HTML) and prices.

Everything here reads bytes that a stranger made: time and memory have bounds, nothing is fetched, and what cannot be
read is left out.
"""
