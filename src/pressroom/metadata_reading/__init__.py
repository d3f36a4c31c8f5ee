"""The three languages of photo metadata (EXIF, IPTC, XMP), and where each kind of file keeps them.

Everything here reads bytes that a stranger may have made: it stays within them, and what it cannot read it leaves out.
"""
