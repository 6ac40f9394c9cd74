"""How text is read: normalised words, offsets, sentences, numbers and dates, in Arabic and English."""
