"""The drawing behind `offline_image`: what to draw (plan), with what (motifs, scenes, palettes), and how (canvas)."""
