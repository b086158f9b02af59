"""The pages in the middle of the window, a package each, named as its tab."""
