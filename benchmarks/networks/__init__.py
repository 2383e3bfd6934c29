"""The works' networks, in Keras and in PyTorch."""
