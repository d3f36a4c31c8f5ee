"""What benches share: processes, statistics, the machine, and the file of results."""
