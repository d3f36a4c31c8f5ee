"""The parts of `offline_moderation`: one module for each thing that can be told without a model."""
