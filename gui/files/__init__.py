"""What the user opens, saves and takes along, and what is kept in case the program dies."""
