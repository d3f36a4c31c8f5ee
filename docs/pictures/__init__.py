"""Pictures that are drawn from what the code declares: `picture()` of each module returns an SVG."""
