"""Wrong files made out of right ones by changing their syntax trees, each with what a judge should find in it."""
