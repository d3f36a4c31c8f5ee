"""How bedtime stories are told offline: plots and the sentences for each turn of them, in prose and in verse."""
