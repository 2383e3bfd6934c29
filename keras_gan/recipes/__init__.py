"""Recipes: games that are fitted to data, with the reasons of each choice."""

from keras_gan.recipes.photographs import (
    Choice,
    Recipe,
    photographs,
    side_for,
)

__all__ = ["Choice", "Recipe", "photographs", "side_for"]
