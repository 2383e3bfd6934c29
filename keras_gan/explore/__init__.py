"""Exploring: a page that draws with a trained generator, in one file, offline."""

from keras_gan.explore.page import page

__all__ = ["page"]
