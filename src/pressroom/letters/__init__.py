"""The templates of letters. What fills them stands in the core: `story_letter`."""
