"""Registration with Keras, without an import of what is registered.

Keras finds a class of a file only if it was registered by then, and imports modules on
demand for its own packages only. So each class of keras_gan stands in Keras' custom
objects by name, as a stand-in that imports the class when it is asked for: at once if
Keras is loaded, else when it will be.
"""

import ast
import importlib
import importlib.util
import pathlib
import sys

PACKAGE = "keras_gan"
PLACES = (  # the sub-packages whose classes stand in files
    *("augmentations", "constraints", "densities", "layers", "losses", "metrics"),
    *("metrics.features", "models", "networks", "optimizers", "penalties", "priors"),
    *("relatives", "schedules"),
)


class StandIn:
    """A registered class that is imported when Keras makes an object of it.

    Args:
        module: str, where the class is.
        name: str, the class.
    """

    def __init__(self, module: str, name: str) -> None:
        self._module, self.__name__ = module, name

    def load(self) -> type:
        """The class itself."""
        return getattr(importlib.import_module(self._module), self.__name__)

    def from_config(self, *arguments: object, **options: object) -> object:
        return self.load().from_config(*arguments, **options)

    def __call__(self, *arguments: object, **options: object) -> object:
        return self.load()(*arguments, **options)


def register_with_keras() -> None:
    """Let Keras find all classes of the package, now or as soon as it is loaded."""
    if "keras" in sys.modules:
        _enter()
    else:
        sys.meta_path.insert(0, _WhenKerasLoads())


def load_all() -> None:
    """Import every registered class."""
    for place in PLACES:
        importlib.import_module(f"{PACKAGE}.{place}")


def public_classes(place: str) -> list[str]:
    """The names of classes in a sub-package's `__all__`, read without importing it.

    >>> "Hinge" in public_classes("losses")
    True
    """
    package = pathlib.Path(__file__).parents[1].joinpath(*place.split("."))
    file = package / "__init__.py" if package.is_dir() else package.with_suffix(".py")
    for statement in ast.parse(file.read_text("utf-8")).body:
        named = isinstance(statement, ast.Assign) and statement.targets[0]
        if isinstance(named, ast.Name) and named.id == "__all__":
            names = ast.literal_eval(statement.value)
            return [name for name in names if name[0].isupper()]
    return []


def _enter():
    """Enter a stand-in for each public class that is not registered itself."""
    registered = sys.modules["keras"].saving.get_custom_objects()
    for place in PLACES:
        for name in public_classes(place):
            stand_in = StandIn(f"{PACKAGE}.{place}", name)
            registered.setdefault(f"{PACKAGE}>{name}", stand_in)


class _WhenKerasLoads:
    """A finder that lets Keras be found as ever, and enters the classes after it."""

    _asking = False

    def find_spec(self, name, path=None, target=None):
        # TensorFlow only looks whether there is a Keras, and imports it later or never.
        if name != "keras" or self._asking:
            return None
        self._asking = True
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._asking = False
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            if self in sys.meta_path:
                sys.meta_path.remove(self)
            _enter()

        spec.loader.exec_module = exec_module
        return spec
