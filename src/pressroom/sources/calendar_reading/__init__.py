"""How a calendar file is read: JSON with the place of every value, and the two layouts; `sources.calendar` uses it."""
