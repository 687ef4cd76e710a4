"""Detection methods, each a function of one series of counts, and `detect`, the declared method over a table of them.

>>> from convenio.programs.early_warning.methods import ears_c
>>> bool(ears_c([2, 3, 2, 4, 3, 2, 3, 30]).alarm[-1])
True
"""

from convenio.programs.early_warning.methods.batch import MonitoredMany, farrington_flexible_many
from convenio.programs.early_warning.methods.cusum import cusum
from convenio.programs.early_warning.methods.detection import detect
from convenio.programs.early_warning.methods.ears import ears_c
from convenio.programs.early_warning.methods.farrington import farrington, farrington_flexible
from convenio.programs.early_warning.methods.glr import glr
from convenio.programs.early_warning.methods.harmonic import harmonic, harmonic_many
from convenio.programs.early_warning.methods.monitored import Monitored
from convenio.programs.early_warning.methods.parts import detect_in_parts
from convenio.programs.early_warning.methods.reference_values import bayes, cdc, rki

__all__ = [
    "Monitored",
    "MonitoredMany",
    "bayes",
    "cdc",
    "cusum",
    "detect",
    "detect_in_parts",
    "ears_c",
    "farrington",
    "farrington_flexible",
    "farrington_flexible_many",
    "glr",
    "harmonic",
    "harmonic_many",
    "rki",
]
