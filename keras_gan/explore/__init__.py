"""Exploring: a page that draws with a trained generator, in one file, offline."""

from keras_gan.explore.html_file import page

__all__ = ["page"]
