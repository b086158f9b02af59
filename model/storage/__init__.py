"""What is kept on disk: runs, own digits and exports, each file replaced only once the new one is complete."""
