"""Explore a topic in the articles: a timeline, disagreements between articles, and questions to ask."""
