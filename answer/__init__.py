"""A question → what it asks → evidence → answers that are the plan's own words, with citations."""
