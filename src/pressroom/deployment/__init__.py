"""What a deployment on AWS consists of, as values made of the pipelines and the settings. Nothing here calls AWS."""
