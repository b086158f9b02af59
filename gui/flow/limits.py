"""What the fields and the slider of training can be set to."""

MOST_EPOCHS = 1000
LARGEST_SEED = 999_999_999  # as many digits as the field has room for
FASTEST = 100  # the slider's last position: as fast as the machine goes
DEFAULT_SPEED = 81  # 12,000 samples a second, five seconds an epoch
