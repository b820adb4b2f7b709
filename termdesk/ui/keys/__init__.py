"""Key presets as files, the page of keys, and the screen that shows which keys a terminal delivers."""
