"""TensorBoard as a process of its own, on 127.0.0.1, that ends when its stdin does.

`python -m keras_gan.cli.board_server FOLDER` prints its address, on a free port. Its
parent holds the other end of stdin, which the system closes however the parent ends.
"""

import sys

HOST = "127.0.0.1"


def serve(folder):
    """Serve a folder, print the address, and return at the end of stdin."""
    from tensorboard import program

    board = program.TensorBoard()
    board.configure(
        argv=["tensorboard", "--logdir", folder, "--host", HOST, "--port", "0"]
    )
    print(board.launch(), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    serve(sys.argv[1])
