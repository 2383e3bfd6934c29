"""`python -m keras_gan.cli` is `keras-gan`."""

from keras_gan.cli.main import run

run()
