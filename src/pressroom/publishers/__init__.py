"""Publishers are our adapters for networks; each module is one, found by its name."""
