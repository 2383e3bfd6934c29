"""What stands in a folder like a file, and is none."""

import os
import socket


def pipe(path):
    os.mkfifo(path)


def device(path):
    os.symlink("/dev/zero", path)  # as a device node, without the rights to make one


def dangling(path):
    os.symlink("nowhere.png", path)


def loop(path):
    os.symlink(path.name, path)


def sockets(path):
    place = os.getcwd()
    os.chdir(path.parent)  # the name of a socket may have 100 letters
    try:
        with socket.socket(socket.AF_UNIX) as opened:
            opened.bind(path.name)
    finally:
        os.chdir(place)


NO_FILES = {
    pipe: "is a named pipe",
    device: "is a device",
    dangling: "is a symbolic link to nowhere.png, where nothing is",
    loop: "is a symbolic link that leads back to itself",
    sockets: "is a socket",
}
