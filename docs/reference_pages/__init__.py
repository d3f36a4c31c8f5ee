"""Each module makes one page of the reference: `page()` returns its text."""
