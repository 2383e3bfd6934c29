"""`python -m keras_gan.cli` is `keras-gan`."""

from keras_gan.cli.main import run

if __name__ == "__main__":
    run()
