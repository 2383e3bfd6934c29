"""The contract of a penalty: what the discriminator pays for being steep."""

import operator

from keras_gan.registry import snake_case


class Penalty:
    """A term of the discriminator's objective that looks at its slope.

    A subclass implements `__call__(discriminate, real, fake, seed)` -> scalar, the mean
    over the batch; `discriminate` maps samples (batch, ...) to logits and moves no
    batch statistics, and `seed` is an int32 tensor of shape (2,).

    Args:
        every: int >= 1. A lazy penalty is applied on every n-th move of the
            discriminator and counts n times there (Karras et al., 2020, section 3.1,
            "lazy regularization"), starting with the first move.
        name: str, its log key; by default the class name in snake case.

    Raises:
        ValueError: if `every` is not a positive integer.
    """

    def __init__(self, every=1, name=None):
        if isinstance(every, bool) or operator.index(every) < 1:
            raise ValueError(
                "every=n applies a penalty on each n-th move of the discriminator and "
                f"is an integer of at least 1. Received: every={every!r}."
            )
        self.every = operator.index(every)
        self.name = name or snake_case(type(self).__name__)

    def prepared(self, real):
        """The penalty for one batch: a callable like itself.

        Called on every move, also where a lazy penalty is not due, since replicas
        cannot ask each other inside of a branch. A penalty that needs a number of the
        global batch works it out here; the others return themselves.
        """
        return self

    def __call__(self, discriminate, real, fake, seed):
        raise NotImplementedError(f"{type(self).__name__} lacks __call__.")

    def get_config(self):
        return {"every": self.every, "name": self.name}

    @classmethod
    def from_config(cls, config):
        return cls(**config)
