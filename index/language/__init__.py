"""Read Arabic and English text: normalised words, offsets, sentences, numbers and dates."""
