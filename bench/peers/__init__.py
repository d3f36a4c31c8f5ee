"""The engines that are compared: ours and its peers. Each module is one, with `serve` for its worker process."""
