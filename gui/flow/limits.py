"""What the slider of training's speed can be set to."""

FASTEST = 100  # the slider's last position: as fast as the machine goes
DEFAULT_SPEED = 81  # 12,000 samples a second, five seconds an epoch
