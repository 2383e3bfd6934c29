"""The workloads' networks, in Keras and in PyTorch."""
