"""What the PDF reader makes of documents whose text is known, typeset by several programs."""
