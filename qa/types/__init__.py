"""What is asked and what is returned; its JSON is the REST contract (`qa.contract`)."""
