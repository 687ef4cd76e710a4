"""The made-up population, companies and places that demos and benchmarks share.

>>> from convenio.world import World
>>> World(seed=20211008, people=200).people().num_rows
200
"""

from convenio.world.plant import Planted
from convenio.world.world import World

__all__ = ["Planted", "World"]
