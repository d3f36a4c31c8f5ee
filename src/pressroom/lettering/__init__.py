"""Words as pictures, in any script: which face draws what, where lines may break, and the drawing itself."""
