"""The same game as a loop in PyTorch, written as a PyTorch user in a hurry would."""

import flops
import torch
from data import random_images
from networks import torch_networks
from torch.nn.functional import softplus
from torch.optim import Adam


class PyTorchLoop:
    """Alternating, non-saturating, one generator pass for both turns.

    What makes it fast is used: channels-last memory, the fused Adam, data as one
    float32 tensor in memory, no gradients by the discriminator's weights in the
    generator's turn, no loss read before the block ends.

    Args:
        work: the `Work`.
        steps: int, the steps of a block.
        compiled: bool, whether the generator and both objectives go through
            `torch.compile`, and with them their backward passes. The step as a whole
            cannot: its two backward passes share the generator's graph.
    """

    first_steps = 1

    def __init__(self, work, steps, compiled=False):
        torch.manual_seed(0)
        height, width, channels = work.image_shape
        pair = torch_networks.build(work)
        samples = ((work.latent_dim,), (channels, height, width))
        self.parameters = [torch_networks.num_parameters(network) for network in pair]
        self.forward = [
            torch_networks.forward_flops(network, shape)
            for network, shape in zip(pair, samples, strict=True)
        ]
        self.flops = flops.step(*self.forward, "shared")
        self.threads = f"PyTorch {torch.get_num_threads()}"

        self.latents = (work.batch_size, work.latent_dim)
        images = random_images(steps * work.batch_size, work.image_shape)
        self.images = torch.from_numpy(images).float() / 127.5 - 1
        self.generator, self.discriminator = (
            network.to(memory_format=torch.channels_last) for network in pair
        )
        self.generator_optimizer = _adam(self.generator)
        self.discriminator_optimizer = _adam(self.discriminator)
        compile_ = torch.compile if compiled else lambda function: function
        self.generate = compile_(self.generator)
        self.discriminator_objective = compile_(self._discriminator_objective)
        self.generator_objective = compile_(self._generator_objective)

    def play(self, steps):
        """Train for `steps` steps; the mean (d_loss, g_loss)."""
        losses = []
        batches = torch.randperm(len(self.images)).split(self.latents[0])
        for batch in batches[:steps]:
            real = self.images[batch].permute(0, 3, 1, 2)  # a channels-last view
            losses.append(torch.stack(self._step(real)))
        return torch.stack(losses).mean(0).tolist()

    def _step(self, real):
        fake = self.generate(torch.randn(self.latents))
        d_loss = self.discriminator_objective(real, fake.detach())
        self.discriminator_optimizer.zero_grad()
        d_loss.backward()
        self.discriminator_optimizer.step()

        g_loss = self.generator_objective(fake)
        self.generator_optimizer.zero_grad()
        g_loss.backward(inputs=list(self.generator.parameters()))
        self.generator_optimizer.step()
        return d_loss.detach(), g_loss.detach()

    def _discriminator_objective(self, real, fake):
        real_logits, fake_logits = self.discriminator(real), self.discriminator(fake)
        return softplus(-real_logits).mean() + softplus(fake_logits).mean()

    def _generator_objective(self, fake):
        return softplus(-self.discriminator(fake)).mean()


def _adam(network):
    """Adam as Keras' defaults have it, but for the two numbers of DCGAN."""
    return Adam(network.parameters(), 2e-4, (0.5, 0.999), eps=1e-7, fused=True)
