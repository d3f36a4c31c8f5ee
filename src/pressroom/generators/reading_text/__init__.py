"""How the text in a picture is read on this machine: found, cut out, turned upright, read, put in order."""
