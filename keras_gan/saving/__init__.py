"""Saving: configs, presets, checkpoints, hubs and exports, and the lock of a folder."""
