"""`python -m keras_gan_cli` is `keras-gan`."""

from keras_gan_cli.main import run

run()
