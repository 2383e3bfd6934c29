"""The experiments of `keras-gan lab`, a file each: they play, `keras_gan.plots` draws.

They sit here and not in `keras_gan.plots`, because they play real games, and `plots`
knows Keras and not `models`. `catalogue` says what there is and imports nothing heavy;
an experiment is a module with a function `draw(seed)` that returns its pictures by file
name (a figure, or the frames of a film as functions that draw one), and is imported
when it runs.
"""
