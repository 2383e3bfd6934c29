"""The `keras-gan` command, apart from keras_gan so that `--help` imports no TensorFlow.

`training`, `sampling`, `describing`, `curves`, `interrupt` and, but for its catalogue,
`lab` import Keras and keras_gan, and are imported by the commands that need them; the
other modules do without.
"""
