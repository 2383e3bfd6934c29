"""The results as one Markdown table."""

from statistics import median

from machine import in_vectors

HEADER = (
    "workload",
    "implementation",
    "images/s, median",
    "min - max",
    "to PyTorch",
    "GFLOP/s",
    "of peak",
    "first step, s",
    "memory, MB",
)

# Beside other jobs PyTorch's threads, which wait for each other, lose most: ratios
# to it were up to ten times what they are on a quiet machine.
BUSY = "**The machine was busy, so the ratios to PyTorch say nothing.**"
QUIET_LOAD, QUIET_SPREAD = 0.5, 0.7

NOTES = """\
- "to PyTorch": the median of the rounds' ratios to PyTorch's better mode, the one with
  the higher median.
- Everyone plays the non-saturating game with Adam(2e-4, beta_1=0.5), discriminator
  first, both on the same fakes; exceptions: keras_gan where the workload says
  simultaneous, and the Keras example, which draws fresh latents, so has a generator
  pass more. WGAN-GP: Adam(1e-4, beta_1=0, beta_2=0.9), weight 10; images are those of
  all moves. R3GAN: the relativistic loss, R1 and R2, Adam(2e-4, beta_1=0, beta_2=0.99),
  fresh latents and reals for the generator, whose images are counted too. SNGAN: hinge,
  one move of D, Adam(2e-4, beta_1=0, beta_2=0.9).
- GFLOP/s count the products with pixels that the implementation's game needs, neither
  padding nor anything elementwise (flops.py); "of peak": NumPy's best float32 product
  of 2048 x 2048 matrices in this run.
- "keras_gan": as `fit` is by default, which takes ten steps a call of small networks;
  "one step": steps_per_execution=1; "jit": jit_compile=True besides ten steps; "oneDNN
  off": TF_ENABLE_ONEDNN_OPTS=0, which is what a processor without VNNI gets where Keras
  or TensorFlow is imported before keras_gan. "first step" holds tracing, and of "jit"
  ten steps.
- "memory": most resident memory after the rounds, compiling included, minus that after
  importing the framework."""


def row(workload, name, result, best, peak):
    """The row of one implementation, for the table and the JSON.

    Args:
        workload: the `Workload`.
        name: str, the implementation.
        result: dict of `rates` (images/s of each round), `flops`, `first`, `memory`.
        best: list of the rates of PyTorch's better mode, or None if it is not there.
        peak: FLOP/s of the matrix product.
    """
    rates = result["rates"]
    ratio = None
    if best is not None:
        ratio = median(r / b for r, b in zip(rates, best, strict=True))
    achieved = median(rates) * result["flops"]
    return {
        "workload": workload.title,
        "implementation": name,
        "median": median(rates),
        "min": min(rates),
        "max": max(rates),
        "to_pytorch": ratio,
        "gflops": achieved / 1e9,
        "of_peak": achieved / peak,
        **result,
    }


def best_pytorch(results):
    """The rates of PyTorch's better mode among the results of one workload, or None."""
    rates = [r["rates"] for name, r in results.items() if name.startswith("pytorch")]
    return max(rates, key=median, default=None)


def render(rows, machine, matmul_rates):
    """The header, the table and its notes, as Markdown."""
    versions = ", ".join(f"{k} {v}" for k, v in machine["versions"].items())
    threads = "; ".join(sorted({row["threads"] for row in rows}))
    settings = "".join(f", {k}={v}" for k, v in machine["environment"].items())
    lines = [
        f"{machine['cpu']}, {in_vectors(machine)}, Python {machine['python']}",
        versions,
        f"threads: {threads}{settings}",
        f"busy cores before the run: {machine['load']:.2f}; float32 matrix product: "
        f"{min(matmul_rates) / 1e9:.0f} - {max(matmul_rates) / 1e9:.0f} GFLOP/s",
        "",
    ]
    steady = min(matmul_rates) > QUIET_SPREAD * max(matmul_rates)
    if machine["load"] > QUIET_LOAD or not steady:
        lines += [BUSY, ""]
    cells = [HEADER, ["---"] * len(HEADER), *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        padded = (c.ljust(w) for c, w in zip(line, widths, strict=True))
        lines.append("| " + " | ".join(padded) + " |")
    return "\n".join([*lines, "", NOTES])


def _cells(row):
    ratio = row["to_pytorch"]
    return [
        row["workload"],
        row["implementation"],
        _short(row["median"]),
        f"{_short(row['min'])} - {_short(row['max'])}",
        "-" if ratio is None else f"{ratio:.2f}",
        f"{row['gflops']:.1f}",
        f"{row['of_peak']:.0%}",
        f"{row['first']:.2f}",
        f"{row['memory']:.0f}",
    ]


def _short(rate):
    return f"{rate:.0f}" if rate >= 100 else f"{rate:.1f}"
