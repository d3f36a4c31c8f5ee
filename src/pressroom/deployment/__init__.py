"""What a deployment on AWS consists of, as values that the pipelines and the settings determine. Nothing here calls it."""
