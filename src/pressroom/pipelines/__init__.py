"""Each module declares one pipeline as data, with the steps that only it has."""
