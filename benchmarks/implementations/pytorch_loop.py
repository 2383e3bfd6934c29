"""The same game as a loop in PyTorch, written as a PyTorch user in a hurry would."""

import flops
import torch
from data import random_images
from networks import torch_networks
from torch.nn.functional import relu, softplus
from torch.optim import Adam

GAMMA = 1.0  # of R1 and R2


class PyTorchLoop:
    """Alternating, one generator pass for both turns, or for the last of D's moves.

    What makes it fast is used: channels-last memory, the fused Adam, data as one
    float32 tensor in memory, no gradients by the discriminator's weights in the
    generator's turn, no loss read before the block ends.

    Args:
        workload: the `Workload`.
        steps: int, the steps of a block.
        compiled: bool, whether the generator and both objectives go through
            `torch.compile`, and with them their backward passes. The step as a whole
            cannot: its two backward passes share the generator's graph.
    """

    first_steps = 1

    def __init__(self, workload, steps, compiled=False):
        torch.manual_seed(0)
        height, width, channels = workload.image_shape
        pair = torch_networks.build(workload)
        samples = ((workload.latent_dim,), (channels, height, width))
        self.parameters = [torch_networks.num_parameters(network) for network in pair]
        self.forward = [
            torch_networks.forward_flops(network, shape)
            for network, shape in zip(pair, samples, strict=True)
        ]
        self.flops = flops.of(workload, *self.forward, "shared")
        self.threads = f"PyTorch {torch.get_num_threads()}"

        self.latents = (workload.batch_size, workload.latent_dim)
        self.minibatches = workload.images // workload.batch_size  # of a step
        images = random_images(steps * workload.images, workload.image_shape)
        self.images = torch.from_numpy(images).float() / 127.5 - 1
        self.generator, self.discriminator = (
            network.to(memory_format=torch.channels_last) for network in pair
        )
        rates = {
            "gan": (2e-4, (0.5, 0.999)),
            "wgan_gp": (1e-4, (0.0, 0.9)),
            "r3gan": (2e-4, (0.0, 0.99)),
            "hinge": (2e-4, (0.0, 0.9)),
        }
        self.generator_optimizer = _adam(self.generator, *rates[workload.family])
        self.discriminator_optimizer = _adam(
            self.discriminator, *rates[workload.family]
        )
        compile_ = torch.compile if compiled else lambda function: function
        self.generate = compile_(self.generator)
        self.is_fresh = workload.family == "r3gan"
        if workload.family == "gan":
            self.discriminator_objective = compile_(self._discriminator_objective)
            self.generator_objective = compile_(self._generator_objective)
        elif workload.family == "hinge":
            self.discriminator_objective = compile_(self._hinge_objective)
            self.generator_objective = compile_(self._hinge_generator_objective)
        elif workload.family == "r3gan":
            self.compiled_discriminate = compile_(self.discriminator)
            self.discriminator_objective = self._relativistic_objective
            self.generator_objective = self._relativistic_generator_objective
        else:  # torch.compile knows no derivative of a derivative
            self.compiled_discriminate = compile_(self.discriminator)
            self.discriminator_objective = self._penalised_objective
            self.generator_objective = self._wasserstein_objective

    def play(self, steps):
        """Train for `steps` steps; the mean (d_loss, g_loss)."""
        losses = []
        batches = torch.randperm(len(self.images)).split(self.latents[0])
        for first in range(0, steps * self.minibatches, self.minibatches):
            reals = [
                self.images[batch].permute(0, 3, 1, 2)  # a channels-last view
                for batch in batches[first : first + self.minibatches]
            ]
            step = self._fresh_step if self.is_fresh else self._step
            losses.append(torch.stack(step(*reals)))
        return torch.stack(losses).mean(0).tolist()

    def _step(self, *reals):
        *others, last = reals
        for real in others:
            with torch.no_grad():
                fake = self.generate(torch.randn(self.latents))
            self._move_discriminator(real, fake)
        fake = self.generate(torch.randn(self.latents))
        d_loss = self._move_discriminator(last, fake.detach())
        g_loss = self.generator_objective(fake)
        self._move_generator(g_loss)
        return d_loss.detach(), g_loss.detach()

    def _fresh_step(self, real, other):
        with torch.no_grad():
            fake = self.generate(torch.randn(self.latents))
        d_loss = self._move_discriminator(real, fake)
        fake = self.generate(torch.randn(self.latents))
        g_loss = self.generator_objective(other, fake)
        self._move_generator(g_loss)
        return d_loss.detach(), g_loss.detach()

    def _move_generator(self, g_loss):
        self.generator_optimizer.zero_grad()
        g_loss.backward(inputs=list(self.generator.parameters()))
        self.generator_optimizer.step()

    def _move_discriminator(self, real, fake):
        d_loss = self.discriminator_objective(real, fake)
        self.discriminator_optimizer.zero_grad()
        d_loss.backward()
        self.discriminator_optimizer.step()
        return d_loss

    def _discriminator_objective(self, real, fake):
        real_logits, fake_logits = self.discriminator(real), self.discriminator(fake)
        return softplus(-real_logits).mean() + softplus(fake_logits).mean()

    def _generator_objective(self, fake):
        return softplus(-self.discriminator(fake)).mean()

    def _penalised_objective(self, real, fake):
        share = torch.rand(len(real), 1, 1, 1)
        between = (share * real + (1 - share) * fake).requires_grad_()
        [slope] = torch.autograd.grad(
            self.discriminator(between).sum(), between, create_graph=True
        )
        penalty = (slope.flatten(1).norm(dim=1) - 1).square().mean()
        difference = self.compiled_discriminate(fake) - self.compiled_discriminate(real)
        return difference.mean() + 10 * penalty

    def _wasserstein_objective(self, fake):
        return -self.compiled_discriminate(fake).mean()

    def _hinge_objective(self, real, fake):
        real_logits, fake_logits = self.discriminator(real), self.discriminator(fake)
        return relu(1 - real_logits).mean() + relu(1 + fake_logits).mean()

    def _hinge_generator_objective(self, fake):
        return -self.discriminator(fake).mean()

    def _relativistic_objective(self, real, fake):
        real, fake = real.detach().requires_grad_(), fake.detach().requires_grad_()
        logits = self.discriminator(real), self.discriminator(fake)
        slopes = [
            torch.autograd.grad(one.sum(), images, create_graph=True)[0]
            for one, images in zip(logits, (real, fake), strict=True)
        ]
        penalty = sum(slope.square().sum((1, 2, 3)).mean() for slope in slopes)
        return softplus(logits[1] - logits[0]).mean() + GAMMA / 2 * penalty

    def _relativistic_generator_objective(self, real, fake):
        with torch.no_grad():
            real_logits = self.compiled_discriminate(real)
        return softplus(real_logits - self.compiled_discriminate(fake)).mean()


def _adam(network, rate, betas):
    """Adam as Keras' defaults have it, but for the family's numbers."""
    return Adam(network.parameters(), rate, betas, eps=1e-7, fused=True)
