"""Training steps of the networks of the benches in PyTorch on a CUDA device, as peers of our device kernels.

FP32 units only (no TF32), cuDNN with its search for the fastest algorithm, deterministic algorithms off or on. Prints one
JSON line: versions, settings, seconds of each step, peak memory of the device. Both memory layouts, the faster one first.
  torch_networks_cuda.py --model mini_xception --batch 32 --size 180 --steps 30 [--deterministic]
"""
import argparse
import json
import os
import statistics
import time

# Before torch is loaded: deterministic products of matrices need a workspace of their own.
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")

import torch  # noqa: E402
from torch.nn import functional as F  # noqa: E402

from torch_networks import MODELS  # noqa: E402

LAYOUTS = {"channels_last": torch.channels_last, "contiguous": torch.contiguous_format}
WARM_UP = 10  # cuDNN tries its algorithms in the first ones


def measure(options, name):
    """Seconds of each step, and what memory they took at the most."""
    layout = LAYOUTS[name]
    torch.manual_seed(1001)
    torch.cuda.reset_peak_memory_stats()
    model = MODELS[options.model](options.size).cuda().to(memory_format=layout)
    optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3, alpha=0.9, eps=1e-7)
    x = (torch.rand(options.batch, 3, options.size, options.size, device="cuda") * 255).to(memory_format=layout)
    y = (torch.rand(options.batch, 1, device="cuda") > 0.5).float()
    seconds = []
    for step in range(WARM_UP + options.steps):
        torch.cuda.synchronize()
        start = time.perf_counter()
        optimizer.zero_grad()
        loss = F.binary_cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        loss.item()  # waits for the device, as our step does
        if step >= WARM_UP:
            seconds.append(time.perf_counter() - start)
    peak = torch.cuda.max_memory_allocated() / 2**20
    return {"layout": name, "seconds": seconds, "peakMemoryMiB": peak}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", choices=list(MODELS), required=True)
    parser.add_argument("--deterministic", action="store_true")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--size", type=int, default=180)
    parser.add_argument("--steps", type=int, default=30)
    options = parser.parse_args()

    if not torch.cuda.is_available():
        print(json.dumps({"missing": f"torch {torch.__version__} offers no CUDA device"}))
        return
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = True  # among the deterministic algorithms where only those are allowed
    torch.backends.cudnn.deterministic = options.deterministic
    torch.use_deterministic_algorithms(options.deterministic)
    rows = sorted((measure(options, name) for name in LAYOUTS), key=lambda row: statistics.median(row["seconds"]))
    print(
        json.dumps(
            {
                "torch": torch.__version__,
                "cudnn": torch.backends.cudnn.version(),
                "device": torch.cuda.get_device_name(0),
                "model": options.model,
                "deterministic": options.deterministic,
                "benchmark": torch.backends.cudnn.benchmark,
                "tf32": False,
                "layouts": rows,
            }
        )
    )


if __name__ == "__main__":
    main()
