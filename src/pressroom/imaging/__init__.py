"""The work on pixels behind `variants`: opening, decoding, colours, cutting and encoding, by libvips."""
