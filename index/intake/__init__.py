"""From what arrives to the next generation: files, the inbox, feeds."""
