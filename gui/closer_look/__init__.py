"""The window behind “Look closer”, and what can be done from it; its pages are packages of their own."""
