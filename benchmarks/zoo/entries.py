"""The entries of the zoo: what their cards say beside what was measured."""

MNIST = (
    "MNIST, 60 000 training images of handwritten digits (LeCun, Cortes and Burges; "
    "CC BY-SA 3.0), by tensorflow-datasets"
)
DIGITS = (
    "the 1797 digits of 8 x 8 pixels in scikit-learn (the test part of UCI's Optical "
    "Recognition of Handwritten Digits, Alpaydin and Kaynak; CC BY 4.0)"
)
GOODFELLOW = "Goodfellow et al., Generative Adversarial Networks, 2014"
RADFORD = (
    "Radford, Metz and Chintala, Unsupervised Representation Learning with Deep "
    "Convolutional Generative Adversarial Networks, 2015"
)
MESCHEDER = (
    "R1: Mescheder, Geiger and Nowozin, Which Training Methods for GANs do actually "
    "Converge?, 2018"
)
MAO = "Mao et al., Least Squares Generative Adversarial Networks, 2017"
LIM = "Lim and Ye, Geometric GAN, 2017 (hinge)"
TUTORIAL = (
    "Goodfellow, NIPS 2016 Tutorial: Generative Adversarial Networks, 2016 (the "
    "maximum-likelihood game)"
)
GULRAJANI = "Gulrajani et al., Improved Training of Wasserstein GANs, 2017"
MIRZA = "Mirza and Osindero, Conditional Generative Adversarial Nets, 2014"
MIYATO = "Miyato and Koyama, cGANs with Projection Discriminator, 2018"
ODENA = (
    "Odena, Olah and Shlens, Conditional Image Synthesis With Auxiliary Classifier "
    "GANs, 2017"
)
CHEN = (
    "Chen et al., InfoGAN: Interpretable Representation Learning by Information "
    "Maximizing Generative Adversarial Nets, 2016"
)
SALIMANS = "Salimans et al., Improved Techniques for Training GANs, 2016"
SCORES = (
    "Its scores are by a classifier of this package, or by pixels, and compare with "
    "each other only: they are no FID and no Inception score."
)
ONE_KIND = (
    f"It draws small grey images of single digits, and no digit on demand. {SCORES}"
)
NO_TEST = (
    " There is no test part: the scores are against the images that it was trained on, "
    "so they cannot tell a copy from a good sample. Look at the nearest images above."
)


def _mnist(what, game, paper, limits=ONE_KIND):
    return {
        "what": f"{what}, 28 x 28, grey.",
        "game": game,
        "paper": paper,
        "data": MNIST,
        "limits": limits,
    }


def _digits(what, paper):
    return {
        "what": f"{what}, 8 x 8, grey.",
        "game": "non-saturating, with R1",
        "paper": paper,
        "data": DIGITS,
        "limits": ONE_KIND + NO_TEST,
    }


ABOUT = {
    "mlp_digits": _digits(
        "Digits by two networks of dense layers", f"{GOODFELLOW}; {MESCHEDER}"
    ),
    "dcgan_digits": _digits(
        "Digits by two small convolutional networks", f"{RADFORD}; {MESCHEDER}"
    ),
    "mlp_mnist": _mnist(
        "MNIST's digits by two networks of dense layers",
        "non-saturating, with R1",
        f"{GOODFELLOW}; {MESCHEDER}",
    ),
    **{
        f"{name}_mnist": _mnist(
            "MNIST's digits by a small DCGAN", game, f"{RADFORD}; {paper}"
        )
        for name, game, paper in (
            ("dcgan", "non-saturating, with R1", f"{GOODFELLOW}; {MESCHEDER}"),
            ("mmgan", "minimax, with R1", f"{GOODFELLOW}; {MESCHEDER}"),
            ("mlgan", "maximum likelihood, with R1", f"{TUTORIAL}; {MESCHEDER}"),
            ("lsgan", "least squares, with R1", f"{MAO}; {MESCHEDER}"),
            ("hinge", "hinge, with R1", f"{LIM}; {MESCHEDER}"),
            ("wgan_gp", "Wasserstein, with a gradient penalty", GULRAJANI),
        )
    },
    "conditional_mnist": {
        **_mnist(
            "MNIST's digits on demand, by a small DCGAN that is told the class",
            "minimax, with R1; the class by conditional batch normalization and by "
            "projection",
            f"{MIRZA}; {MIYATO}; {MESCHEDER}",
            f"It draws small grey images of single digits. {SCORES}",
        ),
        "use": "sevens = gan.sample(16, seed=0, condition=7)",
    },
    "acgan_mnist": {
        **_mnist(
            "MNIST's digits on demand, by a small DCGAN that also classifies",
            "minimax, with R1 and the class of reals and of fakes",
            f"{ODENA}; {MESCHEDER}",
            f"It draws small grey images of single digits. {SCORES} That its own "
            "discriminator knows a digit in a sample says little: both players are "
            "trained for it.",
        ),
        "use": "sevens = gan.sample(16, seed=0, condition=7)\n"
        "probabilities = gan.classify(sevens)  # (16, 10)",
    },
    "infogan_mnist": {
        **_mnist(
            "MNIST's digits by the paper's networks with a fifth of their dense units, "
            "whose codes were found without labels",
            "non-saturating, with the information in a code of ten classes and in two "
            "numbers",
            CHEN,
            "It draws small grey images of single digits. Which digit a class of the "
            f"code stands for is chance, and some share one. {SCORES}",
        ),
        "use": "images = gan.sample(16, seed=0)\n"
        "classes, numbers = gan.codes(images)  # (16, 10), (16, 2)",
    },
    "semi_supervised_mnist": {
        **_mnist(
            "A classifier of MNIST's digits that was told 100 labels, ten of each "
            "digit, and the generator that it learned against",
            "non-saturating, with the classes of the labelled images; the generator "
            "matches features",
            SALIMANS,
            f"It is there to classify; its samples are not what it was made for. "
            f"{SCORES} Which 100 labels are told changes the error; here it is one "
            "choice, and the networks are smaller than the paper's.",
        ),
        "use": "images = gan.sample(16, seed=0)\n"
        "probabilities = gan.classify(images)  # (16, 10)",
    },
}
