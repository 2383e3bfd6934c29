"""Core: what all other packages stand on, of use to authors of families.

`distribution` (draws and means of the global batch), `randomness` (stateless draws),
`gradients`, `effects` (what a call changes), `registry`, `arguments`, `files`.
"""
