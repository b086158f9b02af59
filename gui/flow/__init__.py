"""The one flow: what there is to look at, what changes it, and who follows."""
