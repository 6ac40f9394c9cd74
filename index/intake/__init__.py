"""Take in articles from files, feeds and the inbox, and build the next generation from them."""
